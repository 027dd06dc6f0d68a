namespace Ci.Evaluation;

/// <summary>Types by their words in files.</summary>
internal static class ColumnTypes
{
    public static readonly IReadOnlyList<string> Words = ["integer", "number", "boolean", "category", "string", "date", "datetime"];

    public static string Word(this ColumnType type) => Words[(int)type];

    public static bool TryParse(string word, out ColumnType type)
    {
        var at = Words.ToList().IndexOf(word);
        type = (ColumnType)Math.Max(0, at);
        return at >= 0;
    }

    public static bool IsNumber(this ColumnType type) => type is ColumnType.Whole or ColumnType.Number;

    public static bool IsTime(this ColumnType type) => type is ColumnType.Date or ColumnType.DateTime;

    /// <summary>Whether cells have an order and a distance: numbers and times.</summary>
    public static bool IsMeasure(this ColumnType type) => type.IsNumber() || type.IsTime();
}
