namespace Ci.Pipelines.Experiments;

/// <summary>One trial of a plan.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Set">Its changes of parameters.</param>
public sealed record PlannedTrial(string Name, IReadOnlyList<ParameterOverride> Set);
