namespace Ci.Reporting;

/// <summary>The Hub's words for tasks and metrics.</summary>
internal static class HubWords
{
    private static readonly (string Ours, string Hub)[] Metrics =
    [
        ("r2", "r_squared"), ("rocauc", "roc_auc"), ("prauc", "pr_auc"), ("f1macro", "f1"), ("logloss", "log_loss"), ("brier", "brier_score"),
    ];

    /// <summary>Task identifier and the name that people read.</summary>
    public static (string Type, string Name) Task(Report report, HubDetails hub) => (hub.Pipeline ?? (report.Task == "regression" ? "tabular-regression" : "tabular-classification")) switch
    {
        "tabular-regression" => ("tabular-regression", "Tabular Regression"),
        "tabular-classification" => ("tabular-classification", "Tabular Classification"),
        var other => (other, string.Join(' ', other.Split('-').Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]))),
    };

    public static string Metric(string ours)
    {
        var name = ours.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return Metrics.FirstOrDefault(pair => pair.Ours == name).Hub ?? PlainText.Clean(ours, 100);
    }
}
