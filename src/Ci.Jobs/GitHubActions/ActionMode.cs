namespace Ci.Jobs.GitHubActions;

/// <summary>What the action is for in this job.</summary>
public enum ActionMode
{
    /// <summary>The command lines that were given, nothing else.</summary>
    Run,

    /// <summary>The command lines, then the bundle that a job with more rights reports from.</summary>
    Evaluate,

    /// <summary>The report of a bundle, posted.</summary>
    Report,
}
