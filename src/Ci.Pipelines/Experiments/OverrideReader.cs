using System.Globalization;
using System.Numerics;
using System.Text;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// Reads <c>-S</c>: <c>[FILE:]KEY=VALUE</c>, <c>+KEY=VALUE</c>, <c>++KEY=VALUE</c>, <c>~KEY</c>, in Hydra's notation. A value is a word, a quoted
/// text, a number, <c>[a,b]</c> or <c>{a:1}</c>; several parted by commas, <c>choice(…)</c>, <c>range(…)</c>, <c>uniform(…)</c>, <c>loguniform(…)</c> and
/// <c>randint(…)</c> are ranges.
/// </summary>
public sealed class OverrideReader
{
    private const int MostDepth = 20;
    private const int MostLength = 100_000;

    private readonly string text;
    private int at;
    private bool inCall;

    private OverrideReader(string text, int start) => (this.text, this.at) = (text, start);

    /// <summary>Reads one <c>-S</c>.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="file">From a file as written to one from the project's root.</param>
    /// <exception cref="PipelineException">It is none; the message shows where.</exception>
    public static SweptOverride Read(string text, Func<string, string> file)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        if (text.Length > MostLength)
            throw new PipelineException($"-S is longer than {MostLength} characters");
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var head = equals < 0 ? text : text[..equals];
        var hasFile = colon >= 0 && colon < head.Length;
        var path = file(hasFile ? text[..colon] : PipelineFile.DefaultParameters);
        var key = head[(hasFile ? colon + 1 : 0)..].Trim();
        var (kind, sign) = key switch
        {
            ['+', '+', ..] => (OverrideKind.SetOrAdd, 2),
            ['+', ..] => (OverrideKind.Add, 1),
            ['~', ..] => (OverrideKind.Remove, 1),
            _ => (OverrideKind.Set, 0),
        };
        key = KeyOf(key[sign..], text);
        if (equals < 0)
            return kind == OverrideKind.Remove ? new SweptOverride(path, kind, key, new Choices([null], false)) : throw new PipelineException($"-S {text}: expected KEY=VALUE (`~KEY` removes a key)");
        var range = kind == OverrideKind.Remove ? new Choices([null], false) : new OverrideReader(text, equals + 1).Range();
        return new SweptOverride(path, kind, key, range);
    }

    /// <summary>The value of a word without quotes.</summary>
    internal static object? Primitive(string word)
    {
        switch (word.ToLowerInvariant())
        {
            case "null":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            case "nan":
                return double.NaN;
            case "inf" or "+inf":
                return double.PositiveInfinity;
            case "-inf":
                return double.NegativeInfinity;
        }

        if (word.Length == 0 || !(char.IsAsciiDigit(word[^1]) || word[^1] == '.') || !(char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.'))
            return word;
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        if (word.Length <= 4300 && BigInteger.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big))
            return big;
        return double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real) ? real : word;
    }

    // `layers[0].units` and `layers.0.units` are the same.
    private static string KeyOf(string key, string text)
    {
        var dotted = key.Trim().Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return dotted.Length > 0 && !dotted.Split('.').Contains("") && !dotted.Any(char.IsControl) ? dotted : throw new PipelineException($"-S {text}: `{key}` is no key; expected names parted by dots");
    }

    private ParameterRange Range()
    {
        var values = new List<object?>();
        this.SkipSpace();
        if (this.Function() is { } range)
        {
            this.End();
            return range;
        }

        do
        {
            values.Add(this.Value(0));
            this.SkipSpace();
        }
        while (this.Take(','));
        this.End();
        return new Choices(values, values.Count > 1);
    }

    private ParameterRange? Function()
    {
        var start = this.at;
        while (this.at < this.text.Length && char.IsAsciiLetter(this.text[this.at]))
            this.at++;
        var name = this.text[start..this.at];
        if (name is not ("choice" or "range" or "uniform" or "loguniform" or "randint") || !this.Take('('))
        {
            this.at = start;
            return null;
        }

        this.inCall = true;
        var values = new List<object?>();
        do
        {
            values.Add(this.Value(0));
            this.SkipSpace();
        }
        while (this.Take(','));
        if (!this.Take(')'))
            throw this.Error("expected `,` or `)`");
        return this.RangeOf(name, values);
    }

    private ParameterRange RangeOf(string name, List<object?> values)
    {
        if (name == "choice")
            return new Choices(values, true);
        var numbers = values.Select(v => ExperimentValues.Number(v) is { } n && double.IsFinite(n) ? n : throw this.Error($"{name}(…) takes numbers")).ToList();
        switch (name)
        {
            case "range":
                return new Choices(this.Steps(numbers, values.All(v => v is long)), true);
            case "randint" when values is [long low, long high] && low <= high:
                return new WholeRange(low, high);
            case "uniform" when numbers is [var low, var high] && low < high:
                return new RealRange(low, high, false);
            case "loguniform" when numbers is [var low, var high] && low > 0 && low < high:
                return new RealRange(low, high, true);
            default:
                throw this.Error(name switch
                {
                    "randint" => "randint(low,high) takes two whole numbers, the smaller first",
                    "loguniform" => "loguniform(low,high) takes two numbers above 0, the smaller first",
                    _ => "uniform(low,high) takes two numbers, the smaller first",
                });
        }
    }

    private List<object?> Steps(List<double> numbers, bool whole)
    {
        var (start, stop, step) = numbers switch
        {
            [var end] => (0, end, 1.0),
            [var begin, var end] => (begin, end, 1.0),
            [var begin, var end, var by] when by != 0 => (begin, end, by),
            _ => throw this.Error("range takes stop, start and stop, or start, stop and a step that is not 0"),
        };
        // As Python's: the stop is not among them. A step such as 0.1 is never exact, so places are counted, not added up.
        var count = Math.Ceiling(((stop - start) / step) - 1e-9);
        if (count is < 1 or > 10_000)
            throw this.Error(count < 1 ? "this range holds nothing" : "this range holds more than 10,000 values");
        return [.. Enumerable.Range(0, (int)count).Select(i => whole ? (object)(long)(start + (i * step)) : double.Parse((start + (i * step)).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))];
    }

    private object? Value(int depth)
    {
        if (depth > MostDepth)
            throw this.Error("nested too deeply");
        this.SkipSpace();
        if (this.at >= this.text.Length)
            return depth == 0 ? "" : throw this.Error("expected a value");
        return this.text[this.at] switch
        {
            '\'' or '"' => this.Quoted(),
            '[' => this.List(depth),
            '{' => this.Map(depth),
            _ => this.Word(depth),
        };
    }

    private List<object?> List(int depth)
    {
        this.at++;
        var list = new List<object?>();
        this.SkipSpace();
        while (!this.Take(']'))
        {
            list.Add(this.Value(depth + 1));
            this.SkipSpace();
            if (!this.Take(',') && !this.Peeks(']'))
                throw this.Error("expected `,` or `]`");
            this.SkipSpace();
        }

        return list;
    }

    private OrderedDictionary<string, object?> Map(int depth)
    {
        this.at++;
        var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        this.SkipSpace();
        while (!this.Take('}'))
        {
            var key = this.Peeks('\'') || this.Peeks('"') ? this.Quoted() : this.Until(":,{}[]").Trim();
            this.SkipSpace();
            if (!this.Take(':'))
                throw this.Error("expected `:`");
            map[key] = this.Value(depth + 1);
            this.SkipSpace();
            if (!this.Take(',') && !this.Peeks('}'))
                throw this.Error("expected `,` or `}`");
            this.SkipSpace();
        }

        return map;
    }

    private object? Word(int depth)
    {
        // At the top only a comma parts values; a text such as `s3://a:b` needs no quotes there.
        var (word, escaped) = this.Unquoted(depth == 0 ? this.inCall ? ",)" : "," : ",[]{}");
        return escaped ? word : Primitive(word);
    }

    private string Until(string ends) => this.Unquoted(ends).Word;

    private (string Word, bool Escaped) Unquoted(string ends)
    {
        var word = new StringBuilder();
        var escaped = false;
        for (; this.at < this.text.Length && !ends.Contains(this.text[this.at], StringComparison.Ordinal); this.at++)
        {
            if (this.text[this.at] == '\\' && this.at + 1 < this.text.Length && @"\,()[]{}:=' ".Contains(this.text[this.at + 1], StringComparison.Ordinal))
            {
                this.at++;
                escaped = true;
            }

            word.Append(this.text[this.at]);
        }

        return (word.ToString().Trim(), escaped);
    }

    private string Quoted()
    {
        var quote = this.text[this.at++];
        var value = new StringBuilder();
        while (this.at < this.text.Length && this.text[this.at] != quote)
        {
            if (this.text[this.at] == '\\' && this.at + 1 < this.text.Length && (this.text[this.at + 1] == quote || this.text[this.at + 1] == '\\'))
                this.at++;
            value.Append(this.text[this.at++]);
        }

        return this.at++ < this.text.Length ? value.ToString() : throw this.Error($"the quote {quote} is not closed");
    }

    private bool Peeks(char c) => this.at < this.text.Length && this.text[this.at] == c;

    private bool Take(char c)
    {
        if (!this.Peeks(c))
            return false;
        this.at++;
        return true;
    }

    private void SkipSpace()
    {
        while (this.Peeks(' '))
            this.at++;
    }

    private void End()
    {
        this.SkipSpace();
        if (this.at < this.text.Length)
            throw this.Error("this is too much");
    }

    private PipelineException Error(string message) => new($"-S {this.text}: at character {Math.Min(this.at, this.text.Length) + 1}: {message}; quote texts that hold , ( ) [ ] {{ }} ' as in KEY='a,b'");
}
