using System.Globalization;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Gives every row its slice, for each thing that is sliced by.</summary>
internal static class SliceFinder
{
    private const int MostValues = 60;

    /// <summary>The slice values of each row (in file order) by the slicing's name: "month" → "4", "4", "5", …; "" puts a row in no slice.</summary>
    public static IReadOnlyList<(string Name, string[] Values)> Find(Table table, EvaluationSettings settings)
    {
        var found = new List<(string, string[])>();
        foreach (var by in settings.Slices)
        {
            var (name, values) = by.StartsWith("key.", StringComparison.Ordinal) ? OfTime(table, settings, by)
                : by.EndsWith('*') ? OfOneHot(table, by)
                : (by, OfColumn(table, by));
            var distinct = values.Distinct(StringComparer.Ordinal).Count();
            if (distinct > MostValues)
                throw new EvaluationException($"{table.Name}: slicing by '{by}' gives {distinct} slices; at most {MostValues} make sense, so slice by a column with few values");
            found.Add((name, values));
        }

        return found;
    }

    /// <summary>The slices of one slicing, numbers in their order, texts in ordinal order.</summary>
    public static IEnumerable<Slice> Split(string name, IReadOnlyList<string> values) => values
        .Select((value, row) => (value, row))
        .Where(pair => pair.value.Length > 0)
        .GroupBy(pair => pair.value, pair => pair.row, StringComparer.Ordinal)
        .OrderBy(group => double.TryParse(group.Key, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.MaxValue)
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new Slice($"{name}={group.Key}", [.. group]));

    private static string[] OfColumn(Table table, string column) =>
        [.. table.Texts(column).Select(value => value.Length > 100 ? value[..100] : value)];

    private static (string, string[]) OfOneHot(Table table, string glob)
    {
        var prefix = glob[..^1];
        var columns = table.Columns.Where(c => c.Length > prefix.Length && c.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        if (columns.Length == 0)
            throw new EvaluationException($"{table.Name}: no column matches '{glob}', which `evaluate.slices` names");
        var values = new string[table.Rows];
        Array.Fill(values, "");
        foreach (var column in columns)
        {
            var numbers = table.Numbers(column);
            for (var row = 0; row < values.Length; row++)
            {
                if (numbers[row] == 0)
                    continue;
                if (numbers[row] != 1 || values[row].Length > 0)
                    throw new EvaluationException($"{table.Name}:{table.LineOf(row)}: the columns '{glob}' are not one-hot here (each 0 or 1, at most one 1 a row); slice by a single column instead");
                values[row] = column[prefix.Length..];
            }
        }

        return (prefix.TrimEnd('_', '-', '.', '='), values);
    }

    private static (string, string[]) OfTime(Table table, EvaluationSettings settings, string by)
    {
        var part = by["key.".Length..];
        Func<DateTimeOffset, int>? of = part switch
        {
            "year" => t => t.Year,
            "month" => t => t.Month,
            "weekday" => t => ((int)t.DayOfWeek + 6) % 7,
            "hour" => t => t.Hour,
            _ => null,
        };
        if (of is null || settings.Key is null)
            throw new EvaluationException($"`evaluate.slices`: '{by}' needs `evaluate.key` to name a column of times, and one of key.year, key.month, key.weekday (0 is Monday), key.hour");
        var times = KeyTimes.Read(table.Texts(settings.Key))
            ?? throw new EvaluationException($"{table.Name}: column '{settings.Key}' does not hold times such as 2020-01-31T13:00:00Z, which slicing by '{by}' needs");
        return (part, [.. times.Select(t => of(t).ToString(CultureInfo.InvariantCulture))]);
    }
}
