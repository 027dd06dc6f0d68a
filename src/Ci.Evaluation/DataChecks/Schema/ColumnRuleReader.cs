using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Ci.Evaluation;

/// <summary>One entry below <c>columns:</c>, read strictly: a key that the column's type cannot have is an error, too.</summary>
internal static class ColumnRuleReader
{
    private const int LongestPattern = 1_000;

    private static readonly string[] Keys =
    [
        "type", "required", "missing", "min", "max", "above", "below", "values", "pattern", "length", "unique", "order", "step", "constant", "drift",
    ];

    private static readonly Dictionary<string, ColumnOrder> Orders = new(StringComparer.Ordinal)
    {
        ["increasing"] = ColumnOrder.Increasing,
        ["non-decreasing"] = ColumnOrder.NonDecreasing,
        ["decreasing"] = ColumnOrder.Decreasing,
        ["non-increasing"] = ColumnOrder.NonIncreasing,
    };

    public static ColumnRule Read(string file, string name, YamlNode node, bool constant)
    {
        var section = node is YamlScalarNode { Value: { Length: > 0 } } word
            ? new YamlSection(file, new YamlMappingNode(new YamlScalarNode("type"), word), "a column", Keys)
            : new YamlSection(file, node, $"the column `{name}`", Keys);
        var type = TypeOf(section, name);
        Check(section, type);
        var unique = section.Truth("unique") ?? false;
        var rule = new ColumnRule
        {
            Name = name,
            Type = type,
            Required = section.Truth("required") ?? true,
            Missing = Share(section, "missing") ?? 0,
            Min = Bound(section, "min", type),
            Max = Bound(section, "max", type),
            Above = Bound(section, "above", type),
            Below = Bound(section, "below", type),
            Values = Values(section, type),
            Pattern = Pattern(section),
            Unique = unique,
            Order = Order(section),
            Step = Step(section, type),
            Constant = section.Allowed("constant") ?? constant,
        };
        if (rule.Min > rule.Max || rule.Above >= rule.Below || rule.Min >= rule.Below || rule.Above >= rule.Max)
            throw section.Error("min", $"the column `{name}` allows no value at all: its least value lies above its greatest");
        return WithDrift(section, WithLength(file, section, rule));
    }

    public static double? Share(YamlSection section, string key) => section.Number(key) switch
    {
        null => null,
        >= 0 and <= 1 and var share => share,
        _ => throw section.Error(key, $"`{key}` is a share from 0 to 1, such as 0.05"),
    };

    private static ColumnType TypeOf(YamlSection section, string name)
    {
        var word = section.NeedText("type", "number");
        return ColumnTypes.TryParse(word, out var type)
            ? type
            : throw section.Error("type", $"the column `{name}`: `type` must be one of {string.Join(", ", ColumnTypes.Words)}, not `{(word.Length > 60 ? word[..60] : word)}`");
    }

    private static void Check(YamlSection section, ColumnType type)
    {
        string[] measures = ["min", "max", "above", "below", "order", "step"];
        string[] texts = ["pattern", "length"];
        var wrong = section.Names.FirstOrDefault(key =>
            (!type.IsMeasure() && measures.Contains(key, StringComparer.Ordinal))
            || (type is not (ColumnType.Category or ColumnType.Text) && texts.Contains(key, StringComparer.Ordinal))
            || (key == "values" && type is ColumnType.Boolean or ColumnType.Date or ColumnType.DateTime && key == "values"));
        if (wrong is not null)
            throw section.Error(wrong, $"a column of the type {type.Word()} has no `{wrong}`: {(measures.Contains(wrong, StringComparer.Ordinal) ? "that is for integer, number, date and datetime" : wrong == "values" ? "that is for category, string, integer and number" : "that is for category and string")}");
    }

    private static double? Bound(YamlSection section, string key, ColumnType type)
    {
        if (section.Node(key) is null)
            return null;
        if (!type.IsTime())
            return section.Number(key);
        var text = section.Text(key)!;
        return CellValue.TryRead(Encoding.UTF8.GetBytes(text), type, out var value) && !double.IsNaN(value)
            ? value
            : throw section.Error(key, $"`{key}` of a {type.Word()} must be one, such as {(type == ColumnType.Date ? "2020-01-31" : "2020-01-31T00:00:00Z")}, not `{text}`");
    }

    private static IReadOnlyList<string>? Values(YamlSection section, ColumnType type)
    {
        if (section.Node("values") is null)
            return null;
        var values = section.Texts("values");
        if (values.Count is 0 or > 10_000)
            throw section.Error("values", "`values` must list 1 to 10,000 values");
        var wrong = type.IsNumber() ? values.FirstOrDefault(v => !CellValue.TryRead(Encoding.UTF8.GetBytes(v), type, out _)) : null;
        return wrong is null ? values : throw section.Error("values", $"`{wrong}` is no {type.Word()}");
    }

    // Without backtracking no pattern can be slow, whatever the cells hold.
    private static Regex? Pattern(YamlSection section)
    {
        if (section.Text("pattern") is not { } pattern)
            return null;
        if (pattern.Length > LongestPattern)
            throw section.Error("pattern", $"`pattern` is longer than {LongestPattern} characters");
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw section.Error("pattern", $"`pattern` cannot be used: {error.Message} (look-around, back references and atomic groups are not supported)");
        }
    }

    private static ColumnRule WithLength(string file, YamlSection section, ColumnRule rule)
    {
        if (section.Node("length") is not { } node)
            return rule;
        var length = new YamlSection(file, node, "`length`", "min", "max");
        var (least, most) = (length.Whole("min", 0, 1 << 20), length.Whole("max", 0, 1 << 20));
        return least > most ? throw section.Error("length", "`length` allows no text at all: min lies above max") : rule with { Shortest = least, Longest = most };
    }

    private static ColumnOrder Order(YamlSection section) => section.Text("order") switch
    {
        null => ColumnOrder.None,
        { } word when Orders.TryGetValue(word, out var order) => order,
        var word => throw section.Error("order", $"`order` must be one of {string.Join(", ", Orders.Keys)}, not `{word}`"),
    };

    private static double? Step(YamlSection section, ColumnType type)
    {
        if (section.Text("step") is not { } text)
            return null;
        if (!type.IsTime())
            return section.Number("step");
        return Duration.TryParse(text, out var step)
            ? step.TotalMicroseconds
            : throw section.Error("step", $"`step` of a {type.Word()} is a span of time such as 15m, 1h or 7d, not `{text}`");
    }

    // Times move on and keys differ by their nature; text of many values has no shares to compare.
    private static ColumnRule WithDrift(YamlSection section, ColumnRule rule)
    {
        if (section.Node("drift") is YamlMappingNode)
        {
            var drift = section.Inner("drift", "distance", "missing");
            return rule with { TestsDrift = true, DriftDistance = Share(drift, "distance"), DriftMissing = Share(drift, "missing") };
        }

        return rule with { TestsDrift = section.Truth("drift") ?? (!rule.Type.IsTime() && !rule.Unique && rule.Order == ColumnOrder.None) };
    }
}
