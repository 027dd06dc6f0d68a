namespace Ci.Pipelines;

/// <summary>A stage's command ended with an error. Its outputs are left for inspection; the lock does not name them.</summary>
public sealed class StageFailedException(string stage, string command, int exitCode, IReadOnlyList<string> lastLines, string? log = null)
    : PipelineException($"failed to reproduce '{stage}': failed to run: {command}, exited with {exitCode}{Said(lastLines)}{(log is null ? "" : $"\nits whole output: {log}")}")
{
    public string Stage { get; } = stage;

    public int ExitCode { get; } = exitCode;

    /// <summary>The last lines that the command wrote, at most 20.</summary>
    public IReadOnlyList<string> LastLines { get; } = lastLines;

    /// <summary>The file that holds what the stage's commands wrote, by path from the project's root.</summary>
    public string? Log { get; } = log;

    private static string Said(IReadOnlyList<string> lastLines) => lastLines.Count == 0 ? "; it said nothing" : "; it last said:\n  " + string.Join("\n  ", lastLines);
}
