namespace Ci.Reporting;

/// <summary>One cell as plain text; <see cref="Notes"/> is said beneath it, <see cref="Sort"/> is what a page sorts by.</summary>
internal sealed record Cell(string Text, CellKind Kind = CellKind.Plain, double? Sort = null, IReadOnlyList<string>? Notes = null)
{
    public static readonly Cell None = new("—", CellKind.Muted);

    public static Cell Of(Measurement? value, string? unit) => value is null
        ? None
        : new Cell(Numbers.WithUnit(value.Text, unit), Sort: value.Value, Notes: value.Interval is { } interval ? [interval] : null);

    public static Cell Of(Change? change)
    {
        if (change is null)
            return None;
        var range = change.Range is { } text ? $" ({text})" : "";
        return new Cell(change.Words + range, change.IsMeasurable ? CellKind.Plain : CellKind.Muted, change.Difference);
    }
}
