namespace Ci.Pipelines.Plots;

/// <summary>A plot as one view defines it, its folders opened up and the command line laid over it.</summary>
/// <param name="Id">Its file, or the name it was given.</param>
/// <param name="Sources">File and column of each line; a column that is null is the last.</param>
/// <param name="Looks">Title, template, labels.</param>
internal sealed record PlotDefinition(string Id, IReadOnlyList<(string File, string? X, string? Y)> Sources, IReadOnlyDictionary<string, string> Looks);
