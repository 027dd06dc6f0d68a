using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Ci.Data.Yaml;

/// <summary>What a plain (unquoted) scalar means by YAML 1.2's rules, as DVC's reader takes them: <c>yes</c>, <c>on</c> and <c>1:30</c> are text.</summary>
internal static partial class YamlScalars
{
    public static object? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return true;
            case "false" or "False" or "FALSE":
                return false;
        }

        if (text[0] is not ((>= '0' and <= '9') or '-' or '+' or '.'))
            return text;
        if (Integer().IsMatch(text))
            return IntegerOf(text);
        if (Real().IsMatch(text))
            return RealOf(text);
        return text;
    }

    /// <summary>A plain scalar that is a text; mostly told by its first letter.</summary>
    public static bool IsText(string text) =>
        text.Length > 0 && text[0] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' && text[0] is not ('n' or 'N' or 't' or 'T' or 'f' or 'F') || Resolve(text) is string;

    /// <summary>Written without quotes, the text would read back as the same text.</summary>
    public static bool StaysText(string text) =>
        Resolve(text) is string && text is not ("<<" or "=") && !Timestamp().IsMatch(text);

    private static object IntegerOf(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits[0] == '-';
        digits = digits.TrimStart('+', '-');
        BigInteger value;
        if (digits.StartsWith("0x", StringComparison.Ordinal))
            value = BigInteger.Parse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        else if (digits.StartsWith("0b", StringComparison.Ordinal) || digits.StartsWith("0o", StringComparison.Ordinal))
            value = digits[2..].Aggregate(BigInteger.Zero, (sum, c) => (sum * (digits[1] == 'b' ? 2 : 8)) + (c - '0'));
        else if (digits.Length == 0)
            return text;
        else
            value = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        value = negative ? -value : value;
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private static double RealOf(string text)
    {
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (plain.EndsWith("nan", StringComparison.OrdinalIgnoreCase))
            return double.NaN;
        if (plain.EndsWith("inf", StringComparison.OrdinalIgnoreCase))
            return plain[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(?:[-+]?0b[0-1_]+|[-+]?0o[0-7_]+|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", RegexOptions.ExplicitCapture)]
    private static partial Regex Real();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Timestamp();
}
