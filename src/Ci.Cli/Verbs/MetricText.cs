using System.Globalization;

namespace Ci.Cli.Verbs;

/// <summary>Metrics in a terminal's line: just the digits that the interval supports.</summary>
internal static class MetricText
{
    /// <summary>Two digits of the interval's width, or four of the value where there is no interval.</summary>
    public static int Decimals(double value, double? low, double? high)
    {
        var scale = high - low is > 0 and { } width ? width : Math.Abs(value) / 100;
        return scale > 0 ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(scale)), 0, 6) : 0;
    }

    public static string Number(double value, int decimals) =>
        value.ToString("#,0" + (decimals > 0 ? "." + new string('0', decimals) : ""), CultureInfo.InvariantCulture);

    public static string Unit(string unit) => unit.Length > 0 ? " " + unit : "";

    public static string Name(string metric) => metric switch
    {
        "rmse" => "RMSE",
        "mae" => "MAE",
        "mape" => "MAPE",
        "r2" => "R²",
        "roc_auc" => "ROC AUC",
        "pr_auc" => "PR AUC",
        "f1_macro" => "F1",
        "log_loss" => "log loss",
        "brier" => "Brier score",
        _ => metric,
    };
}
