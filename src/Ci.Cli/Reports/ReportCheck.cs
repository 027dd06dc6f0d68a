using Ci.Evaluation;
using Ci.Forges;
using Ci.Reporting;

namespace Ci.Cli.Reports;

/// <summary>A report as a check on a commit: conclusion, title, annotations on the lines of the gates that do not pass.</summary>
internal static class ReportCheck
{
    // GitHub's check runs; a commit status shows only the title.
    private const int SummaryLimit = 65_000;

    public static CheckRun Of(PostRequest request, MarkdownOptions options, Uri? details)
    {
        var claimed = IsClaimedPass(request);
        var headline = Ci.Reporting.Headline.Of(request.Report).ToString();
        return new CheckRun
        {
            Name = request.Check,
            HeadSha = request.Commit!,
            Status = CheckStatus.Completed,
            Conclusion = claimed ? CheckConclusion.ActionRequired : Conclusion(request.Report.Outcome),
            Title = claimed ? $"A fork's job says: {headline} A maintainer decides." : headline,
            Summary = MarkdownReport.Render(request.Report, options with { Limit = SummaryLimit }).Text,
            DetailsUrl = details,
            Annotations = request.WantsAnnotations ? [.. Annotations(request)] : [],
        };
    }

    public static CheckRun Begun(string name, string commit, Uri? details) =>
        new() { Name = name, HeadSha = commit, Status = CheckStatus.InProgress, Title = "The model is being evaluated", DetailsUrl = details };

    public static CheckRun Failed(string name, string commit, Uri? details, string why) => new()
    {
        Name = name,
        HeadSha = commit,
        Status = CheckStatus.Completed,
        Conclusion = CheckConclusion.Failure,
        Title = why,
        Summary = "No verdict was reached. The job's log says what happened.\n",
        DetailsUrl = details,
    };

    /// <summary>The gates that do not pass, as notes on their lines.</summary>
    public static IEnumerable<CheckAnnotation> Annotations(PostRequest request)
    {
        var open = request.Report.Gates.Where(gate => !gate.Skipped && gate.Outcome != Outcome.Pass).OrderBy(gate => gate.Outcome == Outcome.Regress ? 0 : 1);
        foreach (var gate in open)
        {
            if (request.Gates.Lines.TryGetValue(gate.Name, out var line) && line > 0)
            {
                var level = gate.Outcome == Outcome.Regress ? CheckAnnotationLevel.Failure : CheckAnnotationLevel.Warning;
                yield return new CheckAnnotation(request.Gates.Path, line, level, $"{GateWords.Title(gate)}: {GateWords.Word(gate)}", GateWords.Sentence(request.Report, gate));
            }
        }
    }

    // Numbers that a stranger's job measured are claims. Neutral would satisfy branch protection; nothing passes for want of evidence.
    private static bool IsClaimedPass(PostRequest request) =>
        request.Report.Outcome == Outcome.Pass && request.Report.Lineage.MeasuredBy is not null && !request.AcceptsForkVerdict;

    private static CheckConclusion Conclusion(Outcome outcome) => outcome switch
    {
        Outcome.Pass => CheckConclusion.Success,
        Outcome.Regress => CheckConclusion.Failure,
        _ => CheckConclusion.ActionRequired,
    };
}
