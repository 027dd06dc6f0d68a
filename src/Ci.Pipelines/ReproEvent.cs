namespace Ci.Pipelines;

/// <summary>One thing that happened while a pipeline ran.</summary>
/// <param name="Stage">The stage's address.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Text">Of <see cref="ReproEventKind.Line"/> and <see cref="ReproEventKind.Running"/>: the text.</param>
/// <param name="Elapsed">Of an ending: how long the stage took.</param>
public sealed record ReproEvent(string Stage, ReproEventKind Kind, string Text = "", TimeSpan Elapsed = default);
