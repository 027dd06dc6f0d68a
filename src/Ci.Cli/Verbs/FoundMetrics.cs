using Ci.Pipelines;

namespace Ci.Cli.Verbs;

/// <summary>The metrics of one revision.</summary>
/// <param name="Revision">As it is shown; empty when only the workspace is.</param>
/// <param name="Files">Each file that was looked for.</param>
/// <param name="Named">The files that the revision's pipeline names; needed only where files were asked for by name.</param>
internal sealed record FoundMetrics(string Revision, IReadOnlyList<MetricFile> Files, IReadOnlySet<string> Named)
{
    /// <summary>Whether a file or folder is more than a slip of the fingers: something of it was read, or the pipeline names it.</summary>
    public bool Knows(string target) =>
        this.Files.Any(f => (target.Length == 0 || f.Path == target || f.Path.StartsWith(target + "/", StringComparison.Ordinal)) && (!f.IsAbsent || this.Named.Contains(f.Path)));
}
