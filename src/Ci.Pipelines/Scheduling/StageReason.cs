namespace Ci.Pipelines.Scheduling;

/// <summary>One part of what decides a stage's result, that is not as it was.</summary>
/// <param name="Part"><c>command</c>, <c>dependency</c>, <c>parameter</c>, <c>environment</c>, <c>image</c>, <c>accelerator</c>, <c>output</c>, <c>always_changed</c>, <c>never_run</c>.</param>
/// <param name="Name">Path, key or variable; empty where there is but one.</param>
/// <param name="State"><c>modified</c>, <c>new</c>, <c>deleted</c>, <c>missing</c> …</param>
public sealed record StageReason(string Part, string Name, string State)
{
    /// <summary>What it was: a command, a digest, a value as JSON; null when it was not there or is not known.</summary>
    public string? Old { get; init; }

    /// <summary>What it is.</summary>
    public string? New { get; init; }

    /// <summary>Of a dependency or output: the stage or pointer that makes it.</summary>
    public string? Maker { get; init; }
}
