using System.Text.Json;

namespace Ci.Reporting;

/// <summary>
/// <c>bundle.json</c>: what a job without rights claims, and the digests of what it hands over. The claims are no facts: the commit and the
/// repository come from the forge's own event, and the pull request is looked up there. docs/protocol/bundle.md
/// </summary>
public sealed record BundleManifest
{
    public const string CurrentSchema = "mlops.bundle/v1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The pull request that the job says it ran for; null where it ran for none.</summary>
    public int? PullRequest { get; init; }

    /// <summary>The commit that the job says it measured.</summary>
    public required string Commit { get; init; }

    public required IReadOnlyList<BundleFile> Files { get; init; }

    internal static BundleManifest Read(ReadOnlySpan<byte> json)
    {
        BundleManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, BundleJson.Default.BundleManifest);
        }
        catch (JsonException error)
        {
            throw new BundleRefusedException($"bundle.json is not readable: {PlainText.Clean(Evaluation.JsonProblem.Words(error))}", error);
        }

        if (manifest is null || manifest.Schema != CurrentSchema)
            throw new BundleRefusedException($"bundle.json has the schema '{PlainText.Clean(manifest?.Schema, 40)}'; expected '{CurrentSchema}'");
        if (manifest.PullRequest is < 1)
            throw new BundleRefusedException("bundle.json: pullRequest must be a number from 1");
        if (manifest.Commit is not { Length: 40 or 64 } commit || !commit.All(char.IsAsciiHexDigitLower))
            throw new BundleRefusedException("bundle.json: commit must be a full commit id in lower case");
        return manifest;
    }
}
