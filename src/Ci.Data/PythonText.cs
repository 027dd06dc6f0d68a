using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Ci.Data;

/// <summary>Numbers and JSON as Python writes them: DVC's digests are taken over that text, so every character counts.</summary>
public static class PythonText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary><c>repr(float)</c>: the shortest digits that read back equal, with an exponent from 1e16 on and below 1e-4.</summary>
    public static string OfDouble(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Decompose(shortest);
        var sign = value < 0 ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary><c>json.dumps</c>: <c>", "</c> and <c>": "</c>, everything beyond ASCII escaped by UTF-16 units.</summary>
    /// <param name="value">As <see cref="Yaml.YamlReader"/> gives it.</param>
    /// <param name="sortKeys">Keys in order of their code points.</param>
    public static string Json(object? value, bool sortKeys = false)
    {
        var text = new StringBuilder();
        WriteJson(text, value, sortKeys);
        return text.ToString();
    }

    /// <summary>As Python shows a value inside a list: <c>[1, 'a', True, None]</c>.</summary>
    public static string Repr(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        double number => OfDouble(number),
        string text when !text.Contains('\'', StringComparison.Ordinal) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'",
        string text => $"\"{text}\"",
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Repr))}]",
        OrderedDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(p => $"{Repr(p.Key)}: {Repr(p.Value)}"))}}}",
        _ => Json(value),
    };

    /// <summary>Orders text as Python does, by code points; UTF-16 order differs beyond the basic plane.</summary>
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] == b[i])
                continue;
            // A surrogate stands for a code point above every single unit.
            var aHigh = char.IsSurrogate(a[i]);
            return aHigh == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i]) : aHigh ? 1 : -1;
        }

        return a.Length.CompareTo(b.Length);
    }

    /// <summary>As <see cref="Compare"/>.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(Compare);

    /// <summary>
    /// Python's <c>==</c>: numbers and flags by their values, lists in order, maps in any; but a NaN is like any other, or a parameter
    /// that is one would never be up to date.
    /// </summary>
    public static bool AreEqual(object? a, object? b)
    {
        switch (a, b)
        {
            case (string x, string y):
                return x == y;
            case (IReadOnlyList<object?> x, IReadOnlyList<object?> y):
                return x.Count == y.Count && x.Zip(y).All(p => AreEqual(p.First, p.Second));
            case (OrderedDictionary<string, object?> x, OrderedDictionary<string, object?> y):
                return x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var other) && AreEqual(p.Value, other));
            case (double x, double y):
                return x.Equals(y) || x == y;
            case (null, _) or (_, null):
                return a is null && b is null;
        }

        if (ToInteger(a) is { } i && ToInteger(b) is { } j)
            return i == j;
        return (a, b) switch
        {
            (double real, _) when ToInteger(b) is { } n => double.IsInteger(real) && new BigInteger(real) == n,
            (_, double real) when ToInteger(a) is { } n => double.IsInteger(real) && new BigInteger(real) == n,
            _ => false,
        };
    }

    private static BigInteger? ToInteger(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        BigInteger number => number,
        _ => null,
    };

    private static (string Digits, int Exponent) Decompose(string shortest)
    {
        var text = shortest.TrimStart('-');
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var plain = e < 0 ? text : text[..e];
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var digits = plain.Replace(".", "", StringComparison.Ordinal);
        exponent += (point < 0 ? plain.Length : point) - 1;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        return (digits, exponent - leading);
    }

    private static void WriteJson(StringBuilder text, object? value, bool sortKeys)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool b: text.Append(b ? "true" : "false"); break;
            case string s: AppendString(text, s); break;
            case double d: text.Append(double.IsNaN(d) ? "NaN" : double.IsInfinity(d) ? (d > 0 ? "Infinity" : "-Infinity") : OfDouble(d)); break;
            case BigInteger n: text.Append(n.ToString(CultureInfo.InvariantCulture)); break;
            case long n: text.Append(n.ToString(CultureInfo.InvariantCulture)); break;
            case OrderedDictionary<string, object?> map: WriteMap(text, map, sortKeys); break;
            case IReadOnlyList<object?> list: WriteList(text, list, sortKeys); break;
            default: throw new DataException($"a value of type {value.GetType().Name} has no JSON form");
        }
    }

    private static void WriteMap(StringBuilder text, OrderedDictionary<string, object?> map, bool sortKeys)
    {
        IEnumerable<KeyValuePair<string, object?>> pairs = sortKeys ? map.OrderBy(p => p.Key, Order) : map;
        var separator = "{";
        foreach (var (key, item) in pairs)
        {
            text.Append(separator);
            AppendString(text, key);
            text.Append(": ");
            WriteJson(text, item, sortKeys);
            separator = ", ";
        }

        text.Append(map.Count == 0 ? "{}" : "}");
    }

    private static void WriteList(StringBuilder text, IReadOnlyList<object?> list, bool sortKeys)
    {
        text.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            WriteJson(text, list[i], sortKeys);
        }

        text.Append(']');
    }

    /// <summary>Appends one text as <see cref="Json"/> writes it, in quotes.</summary>
    internal static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        if (!value.AsSpan().ContainsAnyExcept(Plain))
        {
            text.Append(value).Append('"');
            return;
        }

        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\f' => text.Append("\\f"),
                '\b' => text.Append("\\b"),
                >= ' ' and <= '~' => text.Append(c),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        text.Append('"');
    }
}
