namespace Ci.Evaluation;

/// <summary>Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) of the features that matter most.</summary>
public sealed record ImportanceSeries
{
    /// <summary>Features that are kept at most.</summary>
    public const int MostFeatures = 30;

    /// <summary>The metric whose growth is measured: rmse, log_loss, or error_rate where the model gives no probabilities.</summary>
    public required string Metric { get; init; }

    /// <summary>The metric's unit; "" for a bare number.</summary>
    public string Unit { get; init => field = value ?? ""; } = "";

    /// <summary>The most important first.</summary>
    public required IReadOnlyList<FeatureImportance> Features { get; init; }

    /// <summary>How many features the model has.</summary>
    public required int AllFeatures { get; init; }

    /// <summary>Rows that were shuffled, and how often.</summary>
    public required int Rows { get; init; }

    public required int Repeats { get; init; }

    public double? Level { get; init; }

    public string? Method { get; init; }
}
