using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Releases;

/// <summary>
/// RFC 8785 canonical JSON: what is hashed and signed. Keys in UTF-16 order, numbers as ECMAScript prints IEEE 754 doubles, the
/// shortest escapes, no white space, UTF-8.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical bytes of a document.</summary>
    /// <exception cref="FormatException">A number outside the doubles, or a string with a lone surrogate: neither has a canonical form.</exception>
    public static byte[] Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A number as ECMAScript's Number.prototype.toString prints it.</summary>
    /// <exception cref="FormatException">NaN or an infinity.</exception>
    public static string OfNumber(double value)
    {
        if (!double.IsFinite(value))
            throw new FormatException($"{value.ToString(CultureInfo.InvariantCulture)} cannot be written in JSON");
        if (value == 0)
            return "0";
        var (digits, point) = ShortestDigits(Math.Abs(value));
        var sign = value < 0 ? "-" : "";
        // ECMA-262, Number::toString, steps 6 to 12; `point` is its n, the digits' length its k.
        if (point is > 0 and <= 21)
        {
            return digits.Length <= point
                ? sign + digits + new string('0', point - digits.Length)
                : sign + digits[..point] + "." + digits[point..];
        }

        if (point is > -6 and <= 0)
            return sign + "0." + new string('0', -point) + digits;
        var exponent = point - 1;
        var mantissa = digits.Length == 1 ? digits : digits[..1] + "." + digits[1..];
        return $"{sign}{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}";
    }

    // value = 0.digits * 10^point, the fewest digits that read back as the same double (which is what "R" promises).
    private static (string Digits, int Point) ShortestDigits(double value)
    {
        var round = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = round.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? round : round[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(round.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? mantissa.Length : dot;
        var digits = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), whole + exponent - leading);
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                WriteObject(text, map);
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0)
                        text.Append(',');
                    Write(text, list[i]);
                }

                text.Append(']');
                break;
            default:
                WriteValue(text, node);
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonObject map)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, value) in map.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            if (!first)
                text.Append(',');
            first = false;
            WriteString(text, key);
            text.Append(':');
            Write(text, value);
        }

        text.Append('}');
    }

    private static void WriteValue(StringBuilder text, JsonNode node)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(text, node.GetValue<string>());
                break;
            case JsonValueKind.Number:
                text.Append(OfNumber(double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)));
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var character = value[i];
            if (char.IsSurrogate(character))
            {
                if (!char.IsHighSurrogate(character) || i + 1 == value.Length || !char.IsLowSurrogate(value[i + 1]))
                    throw new FormatException("a string with a lone surrogate has no canonical form");
                text.Append(character).Append(value[++i]);
                continue;
            }

            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
