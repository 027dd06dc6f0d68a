using System.Globalization;

namespace Ci.Evaluation;

/// <summary>A log for each thing that a rule asks of a cell; null for what it does not ask.</summary>
internal sealed class RuleLogs
{
    public RuleLogs(ColumnRule rule)
    {
        var type = rule.Type;
        this.Type = new BreachLog("type", type switch
        {
            ColumnType.Whole => "a whole number",
            ColumnType.Number => "a decimal number such as 1234.5",
            ColumnType.Boolean => "true or false (or 1, 0)",
            ColumnType.Date => "a date such as 2020-01-31",
            ColumnType.DateTime => "a time such as 2020-01-31T23:59:59Z",
            _ => "text",
        });
        this.Min = rule.Min is { } min ? new BreachLog("min", $"at least {CellValue.Text(min, type)}") : null;
        this.Max = rule.Max is { } max ? new BreachLog("max", $"at most {CellValue.Text(max, type)}") : null;
        this.Above = rule.Above is { } above ? new BreachLog("above", $"above {CellValue.Text(above, type)}") : null;
        this.Below = rule.Below is { } below ? new BreachLog("below", $"below {CellValue.Text(below, type)}") : null;
        this.Values = rule.Values is { } values ? new BreachLog("values", "one of " + Listed(values)) : null;
        this.Pattern = rule.Pattern is { } pattern ? new BreachLog("pattern", $"text that matches {pattern.ToString()[5..^3]}") : null;
        this.Length = rule.Shortest is not null || rule.Longest is not null ? new BreachLog("length", LengthOf(rule)) : null;
        this.Order = rule.Order != ColumnOrder.None ? new BreachLog("order", OrderOf(rule.Order)) : null;
        this.Step = rule.Step is { } step ? new BreachLog("step", $"{CellValue.Distance(step, type)} more than the row before") : null;
    }

    public BreachLog Type { get; }

    public BreachLog? Min { get; }

    public BreachLog? Max { get; }

    public BreachLog? Above { get; }

    public BreachLog? Below { get; }

    public BreachLog? Values { get; }

    public BreachLog? Pattern { get; }

    public BreachLog? Length { get; }

    public BreachLog? Order { get; }

    public BreachLog? Step { get; }

    public IEnumerable<BreachLog> All =>
        new[] { this.Type, this.Min, this.Max, this.Above, this.Below, this.Values, this.Pattern, this.Length, this.Order, this.Step }.OfType<BreachLog>();

    public int Count => this.All.Count();

    /// <summary>Whether a text cell must be looked at beyond its hash.</summary>
    public bool NeedsText => this.Values is not null || this.Pattern is not null || this.Length is not null;

    public static string Percent(double share) => (share * 100).ToString("0.####", CultureInfo.InvariantCulture) + " %";

    private static string Listed(IReadOnlyList<string> values) =>
        string.Join(", ", values.Take(10).Select(v => v.Length > 40 ? v[..40] + "…" : v)) + (values.Count > 10 ? $" and {values.Count - 10} more" : "");

    private static string LengthOf(ColumnRule rule) => (rule.Shortest, rule.Longest) switch
    {
        ({ } least, null) => $"at least {least} characters",
        (null, { } most) => $"at most {most} characters",
        var (least, most) => least == most ? $"{least} characters" : $"{least} to {most} characters",
    };

    private static string OrderOf(ColumnOrder order) => order switch
    {
        ColumnOrder.Increasing => "more than the row before",
        ColumnOrder.NonDecreasing => "not less than the row before",
        ColumnOrder.Decreasing => "less than the row before",
        _ => "not more than the row before",
    };
}
