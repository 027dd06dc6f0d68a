using System.Globalization;

namespace Ci.Evaluation;

/// <summary>What to part, how, and where to write. Paths are as the user gave them, relative to <see cref="Folder"/>.</summary>
public sealed record SplitRequest
{
    private const int MostParts = 100;

    public required string Folder { get; init; }

    /// <summary>The table: CSV, or CSV under gzip.</summary>
    public required string DataPath { get; init; }

    /// <summary>The folder of the parts and of <c>split.json</c>.</summary>
    public required string OutPath { get; init; }

    public required SplitKind Kind { get; init; }

    /// <summary>The class, the group or the time; null of a random split.</summary>
    public string? Column { get; init; }

    /// <summary>The columns that name a row; empty where its whole content does.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The parts in their order: of a chronological split, from the earliest on. Fractions add up to 1.</summary>
    public required IReadOnlyList<SplitPart> Parts { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>Of a chronological split: rows so shortly before the next part are dropped. A span such as 48h, or a number where time is a number.</summary>
    public string? Gap { get; init; }

    /// <summary>The version that the record names.</summary>
    public required string Version { get; init; }

    /// <summary>Reads "train=0.8,test=0.2".</summary>
    /// <exception cref="EvaluationException">No such list, a name that cannot be a file's, or fractions that do not add up to 1.</exception>
    public static IReadOnlyList<SplitPart> ReadParts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<SplitPart>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, number) = item.Split('=', 2, StringSplitOptions.TrimEntries) is [var n, var f] ? (n, f) : (item, "");
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction) || fraction is not (> 0 and <= 1))
                throw new EvaluationException($"'{item}' is no part: write name=fraction with a fraction above 0, such as train=0.8,test=0.2");
            parts.Add(new SplitPart(name, fraction));
        }

        CheckNames(parts);
        var sum = parts.Sum(part => part.Fraction);
        return Math.Abs(sum - 1) < 1e-6
            ? parts
            : throw new EvaluationException($"the fractions add up to {sum.ToString("0.######", CultureInfo.InvariantCulture)}, not to 1");
    }

    /// <summary>Parts fold-1 to fold-K of equal fractions.</summary>
    /// <exception cref="EvaluationException">Fewer than 2 or more than 100.</exception>
    public static IReadOnlyList<SplitPart> Folds(int count) => count is >= 2 and <= MostParts
        ? [.. Enumerable.Range(1, count).Select(k => new SplitPart($"fold-{k}", 1.0 / count))]
        : throw new EvaluationException($"there can be 2 to {MostParts} folds, not {count}");

    private static void CheckNames(List<SplitPart> parts)
    {
        if (parts.Count is < 2 or > MostParts)
            throw new EvaluationException($"a split has 2 to {MostParts} parts, not {parts.Count}");
        var wrong = parts.FirstOrDefault(part => part.Name.Length is 0 or > 64 || part.Name[0] == '.' || !part.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));
        if (wrong is not null)
            throw new EvaluationException($"'{wrong.Name}' cannot name a part: letters, digits, '-', '_' and '.' can");
        var twice = parts.GroupBy(part => part.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new EvaluationException($"two parts are called '{twice.Key}'");
    }
}
