using System.Security.Cryptography;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// A model card for people who did not make the model: what it is for, what it was measured on, how well it does and for whom not,
/// and how one can tell that this is that model. Made from <c>report.json</c>, and from the release and what people say of it where these are given.
/// </summary>
public sealed class ModelCard
{
    internal ModelCard(Report report, string reportSha256, CardRelease? release, CardDetails details)
    {
        this.Report = report;
        this.ReportSha256 = reportSha256;
        this.Release = release;
        this.Details = details;
        this.Sections = CardSections.Of(this);
    }

    internal Report Report { get; }

    internal string ReportSha256 { get; }

    internal CardRelease? Release { get; }

    internal CardDetails Details { get; }

    internal IReadOnlyList<CardSection> Sections { get; }

    internal string Title => PlainText.Clean(this.Details.Title ?? this.Release?.Name ?? this.Report.Model.Name);

    /// <summary>When the evidence was made; a card made again from the same documents says the same.</summary>
    public DateTimeOffset CreatedAt => this.Report.Lineage.CreatedAt > this.Release?.CreatedAt || this.Release is null ? this.Report.Lineage.CreatedAt : this.Release.CreatedAt;

    internal Headline Headline => Headline.Of(this.Report);

    /// <summary>The signature in one sentence, for the first page.</summary>
    internal string SignatureWords => this.Release switch
    {
        null => "No release was given: nothing here is signed.",
        { State: SignatureState.Verified } release => release.HashedFiles == release.Files.Count
            ? $"Verified: a trusted key signed this release, and all {Numbers.Count(release.Files.Count, "file")} have the signed digests."
            : $"Verified: a trusted key signed this release. {release.HashedFiles} of {Numbers.Count(release.Files.Count, "file")} lay here and have the signed digests; the others were not looked at.",
        { State: SignatureState.Missing } => "Not signed: there is no signature beside the release.",
        { } release => $"Not verified: {PlainText.Clean(release.Reason)}.",
    };

    /// <summary>Makes a card.</summary>
    /// <param name="reportJson">The bytes of <c>report.json</c>; the card names their digest.</param>
    /// <param name="release">The release of the very model file that the report is about.</param>
    /// <param name="details">What people say; <see cref="CardDetails.None"/> where they said nothing.</param>
    /// <exception cref="ReportException">The report is not valid, or the release is of another model file.</exception>
    public static ModelCard Of(ReadOnlySpan<byte> reportJson, CardRelease? release, CardDetails details)
    {
        var report = Report.Read(reportJson);
        var model = release?.Files.FirstOrDefault(file => file.Role == "model");
        if (release is not null && model?.Sha256 != report.Model.Sha256)
        {
            throw new ReportException(
                $"the report is about the model file {PlainText.Clean(report.Model.Sha256, 12)}, and release {PlainText.Clean(release.Name)} {PlainText.Clean(release.Version)} holds {PlainText.Clean(model?.Sha256, 12)}: make the card from the release's own report");
        }

        return new ModelCard(report, Convert.ToHexStringLower(SHA256.HashData(reportJson)), release, details);
    }

    /// <summary>The verdict as one word.</summary>
    internal string Outcome => this.Report.Outcome switch
    {
        Ci.Evaluation.Outcome.Pass => "pass",
        Ci.Evaluation.Outcome.Regress => "regress",
        _ => "inconclusive",
    };
}
