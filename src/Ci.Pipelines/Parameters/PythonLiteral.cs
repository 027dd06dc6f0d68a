using System.Globalization;
using System.Numerics;
using Ci.Data.Yaml;

namespace Ci.Pipelines.Parameters;

/// <summary>A plain value of Python, as <c>ast.literal_eval</c> takes it: numbers, texts, True, False, None, and lists, tuples, sets, dicts of these.</summary>
internal sealed class PythonLiteral
{
    private const int MaxDepth = 100;
    private const int MaxDigits = 4300;

    private readonly IReadOnlyList<PythonToken> tokens;
    private int at;

    private PythonLiteral(IReadOnlyList<PythonToken> tokens) => this.tokens = tokens;

    /// <summary>The value of all tokens; false when they are no plain value.</summary>
    public static bool TryRead(IReadOnlyList<PythonToken> tokens, out object? value)
    {
        var reader = new PythonLiteral(tokens);
        if (!reader.Value(0, out value))
            return false;
        // `x = 1, 2` is a tuple without its brackets.
        if (reader.at < tokens.Count && tokens[reader.at].Is(","))
        {
            var list = new List<object?> { value };
            while (reader.Take(",") && reader.at < tokens.Count)
            {
                if (!reader.Value(0, out var item))
                    return false;
                list.Add(item);
            }

            value = list;
        }

        return reader.at == tokens.Count;
    }

    private bool Value(int depth, out object? value)
    {
        value = null;
        if (depth > MaxDepth || this.at >= this.tokens.Count)
            return false;
        var token = this.tokens[this.at];
        switch (token.Kind)
        {
            case PythonTokenKind.Text:
                while (this.at < this.tokens.Count && this.tokens[this.at].Kind == PythonTokenKind.Text)
                    value += this.tokens[this.at++].Text;
                return this.at >= this.tokens.Count || this.tokens[this.at].Kind != PythonTokenKind.OtherText;
            case PythonTokenKind.Number:
                this.at++;
                return TryNumber(token.Text, out value);
            case PythonTokenKind.Name:
                this.at++;
                value = token.Text switch { "True" => true, "False" => false, _ => null };
                return token.Text is "True" or "False" or "None";
            case PythonTokenKind.Mark when token.Text is "-" or "+":
                return this.Signed(out value);
            case PythonTokenKind.Mark when token.Text == "[":
                return this.Items("]", depth, out value, out _);
            case PythonTokenKind.Mark when token.Text == "(":
                if (!this.Items(")", depth, out value, out var isTuple))
                    return false;
                value = isTuple ? value : ((List<object?>)value!)[0];
                return true;
            case PythonTokenKind.Mark when token.Text == "{":
                return this.Map(depth, out value);
            default:
                return false;
        }
    }

    private bool Signed(out object? value)
    {
        var negative = this.tokens[this.at++].Text == "-";
        value = null;
        if (this.at >= this.tokens.Count || this.tokens[this.at].Kind != PythonTokenKind.Number || !TryNumber(this.tokens[this.at++].Text, out value))
            return false;
        if (negative)
            value = value is double real ? -real : Narrow(-(value is long small ? small : (BigInteger)value!));
        return true;
    }

    // After the opening bracket; one value without a comma is no tuple.
    private bool Items(string close, int depth, out object? value, out bool isTuple)
    {
        var list = new List<object?>();
        (value, isTuple) = (list, true);
        this.at++;
        while (!this.Take(close))
        {
            if (!this.Value(depth + 1, out var item))
                return false;
            list.Add(item);
            if (this.Take(","))
                continue;
            isTuple = list.Count > 1;
            return this.Take(close);
        }

        return true;
    }

    // Braces hold a dict, or a set, which becomes a list.
    private bool Map(int depth, out object? value)
    {
        var map = new YamlMap();
        var set = new List<object?>();
        value = map;
        this.at++;
        while (!this.Take("}"))
        {
            if (!this.Value(depth + 1, out var key))
                return false;
            if (this.Take(":"))
            {
                if (!this.Value(depth + 1, out var item) || Interpolation.TextOf(key) is not { } name)
                    return false;
                map.Add(name, item, isText: key is string);
            }
            else
                set.Add(key);
            if (this.Take(","))
                continue;
            if (!this.Take("}"))
                return false;
            break;
        }

        value = set.Count > 0 ? set : map;
        return set.Count == 0 || map.Count == 0;
    }

    private static bool TryNumber(string text, out object? value)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        value = null;
        if (digits.StartsWith("0x", StringComparison.Ordinal))
        {
            var isHex = BigInteger.TryParse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex);
            value = isHex ? Narrow(hex) : null;
            return isHex;
        }

        if (digits.Length > 2 && digits[0] == '0' && digits[1] is 'b' or 'o')
        {
            var ten = digits[1] == 'b' ? 2 : 8;
            value = Narrow(digits[2..].Aggregate(BigInteger.Zero, (sum, c) => (sum * ten) + (c - '0')));
            return digits[2..].All(c => c >= '0' && c < '0' + ten);
        }

        if (digits.Length <= MaxDigits && digits.All(char.IsAsciiDigit))
        {
            value = Narrow(BigInteger.Parse(digits, CultureInfo.InvariantCulture));
            return true;
        }

        var isReal = double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real);
        value = real;
        return isReal;
    }

    private static object Narrow(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private bool Take(string mark)
    {
        if (this.at >= this.tokens.Count || this.tokens[this.at] is not { Kind: PythonTokenKind.Mark } token || token.Text != mark)
            return false;
        this.at++;
        return true;
    }
}
