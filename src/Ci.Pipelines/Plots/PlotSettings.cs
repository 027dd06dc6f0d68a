namespace Ci.Pipelines.Plots;

/// <summary>What a command line says of every plot; it goes before what the plots say of themselves.</summary>
public sealed record PlotSettings
{
    public string? X { get; init; }

    public string? Y { get; init; }

    public string? Template { get; init; }

    public string? Title { get; init; }

    public string? XLabel { get; init; }

    public string? YLabel { get; init; }

    /// <summary>The first line of CSV and TSV files has the names of the columns; null: as each plot says, else it has.</summary>
    public bool? Header { get; init; }
}
