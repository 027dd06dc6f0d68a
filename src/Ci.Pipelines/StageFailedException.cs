namespace Ci.Pipelines;

/// <summary>A stage's command ended with an error. Its outputs are left for inspection; the lock does not name them.</summary>
public sealed class StageFailedException(string stage, string command, int exitCode, IReadOnlyList<string> lastLines)
    : PipelineException($"stage `{stage}` failed: `{command}` ended with exit code {exitCode}{(lastLines.Count == 0 ? " and said nothing" : "; it last said:\n  " + string.Join("\n  ", lastLines))}")
{
    public string Stage { get; } = stage;

    public int ExitCode { get; } = exitCode;

    /// <summary>The last lines that the command wrote, at most 20.</summary>
    public IReadOnlyList<string> LastLines { get; } = lastLines;
}
