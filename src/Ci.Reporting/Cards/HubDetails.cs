namespace Ci.Reporting;

/// <summary>What Hugging Face's front matter wants to know beyond the report; all optional.</summary>
public sealed record HubDetails
{
    /// <summary>The model's name in the <c>model-index</c>, such as <c>acme/energy-load</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The Hub's word for the task; by default that of the report's task on tables.</summary>
    public string? Pipeline { get; init; }

    public string? Library { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Natural languages that the model works with; few models of tables have one.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<string> BaseModels { get; init; } = [];

    /// <summary>The evaluation data as the Hub knows them: their id, and a name for people.</summary>
    public string? DatasetType { get; init; }

    public string? DatasetName { get; init; }

    public string? DatasetConfig { get; init; }

    public string? DatasetSplit { get; init; }

    public string? DatasetRevision { get; init; }
}
