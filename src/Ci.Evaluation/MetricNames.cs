namespace Ci.Evaluation;

/// <summary>The names of metrics in documents, gates and reports.</summary>
public static class MetricNames
{
    public const string Rmse = "rmse";
    public const string Mae = "mae";
    public const string Mape = "mape";
    public const string Bias = "bias";
    public const string R2 = "r2";
    public const string Accuracy = "accuracy";
    public const string LogLoss = "log_loss";
    public const string RocAuc = "roc_auc";
    public const string PrAuc = "pr_auc";
    public const string F1Macro = "f1_macro";
    public const string Brier = "brier";

    /// <summary>Facts of the evaluation that a gate can bound but that are no metrics of predictions.</summary>
    public const string ModelBytes = "model_bytes";
    public const string LatencyP95 = "latency_p95_ms";
    public const string RowsAlsoInTraining = "rows_also_in_training";

    /// <summary>The metrics of a task, the deciding one first.</summary>
    public static IReadOnlyList<string> Of(string task) => task switch
    {
        Tasks.Regression => [Rmse, Mae, Mape, Bias, R2],
        Tasks.Binary => [RocAuc, Accuracy, F1Macro, PrAuc, LogLoss, Brier],
        Tasks.Multiclass => [Accuracy, F1Macro, LogLoss, Brier],
        _ => [],
    };

    /// <summary>The names that a gate may bound besides metrics.</summary>
    public static readonly IReadOnlyList<string> Facts = [ModelBytes, LatencyP95, RowsAlsoInTraining];

    /// <summary>"lower", "higher", or null: which way is better.</summary>
    public static string? DirectionOf(string metric) => metric switch
    {
        Bias => null,
        R2 or Accuracy or RocAuc or PrAuc or F1Macro => "higher",
        _ => "lower",
    };

    /// <summary>The unit of a metric, given that of the target.</summary>
    public static string UnitOf(string metric, string targetUnit) => metric switch
    {
        Rmse or Mae or Bias => targetUnit,
        Mape => "%",
        LogLoss => "nats",
        ModelBytes => "bytes",
        LatencyP95 => "ms",
        RowsAlsoInTraining => "rows",
        _ => "",
    };
}
