namespace Ci.Reporting;

/// <summary>Metric names as readers write them; one that is not known is shown as it is.</summary>
internal static class MetricName
{
    public static string Of(string name) => name.ToLowerInvariant() switch
    {
        "rmse" => "RMSE",
        "mae" => "MAE",
        "mape" => "MAPE",
        "r2" => "R²",
        "bias" => "bias",
        "logloss" or "log_loss" or "log-loss" => "log loss",
        "rocauc" or "roc_auc" or "roc-auc" => "ROC AUC",
        "prauc" or "pr_auc" or "pr-auc" => "PR AUC",
        "f1macro" or "f1_macro" or "f1-macro" => "F1 (macro)",
        "model_bytes" => "model size",
        "latency_p95_ms" => "latency p95",
        "rows_also_in_training" => "rows also in training",
        "accuracy" => "accuracy",
        "brier" => "Brier score",
        _ => PlainText.Clean(name),
    };
}
