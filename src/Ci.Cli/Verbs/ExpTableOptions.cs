using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>What a table of experiments shows.</summary>
internal sealed record ExpTableOptions
{
    /// <summary>Which experiments; null: all.</summary>
    public Func<Experiment, bool>? Only { get; init; }

    public bool HideWorkspace { get; init; }

    public bool HideQueued { get; init; }

    public bool HideFailed { get; init; }

    /// <summary>A metric or parameter.</summary>
    public string? SortBy { get; init; }

    public bool Descending { get; init; }

    /// <summary>Parameters that are the same everywhere, too.</summary>
    public bool AllParameters { get; init; }

    /// <summary>Of the metrics, too, only those that differ.</summary>
    public bool OnlyChanged { get; init; }

    /// <summary>Commit ids instead of names of branches.</summary>
    public bool Ids { get; init; }
}
