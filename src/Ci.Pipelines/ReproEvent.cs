namespace Ci.Pipelines;

/// <summary>One thing that happened while a pipeline ran.</summary>
/// <param name="Stage">The stage's address; of tracked data the pointer's path.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Text">Said at each kind.</param>
/// <param name="Elapsed">Of an ending: how long the stage took.</param>
public sealed record ReproEvent(string Stage, ReproEventKind Kind, string Text = "", TimeSpan Elapsed = default)
{
    /// <summary>Of <see cref="ReproEventKind.Line"/>: it was written to standard error.</summary>
    public bool IsError { get; init; }
}
