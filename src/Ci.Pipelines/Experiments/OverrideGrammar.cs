using System.Globalization;
using System.Text;

namespace Ci.Pipelines.Experiments;

/// <summary>Reads what stands behind the <c>=</c> of a <c>-S</c>.</summary>
internal sealed class OverrideGrammar(string text, int start)
{
    private const int MostDepth = 20;

    private int at = start;
    private bool inCall;

    /// <summary>The values, to the end of the text.</summary>
    public ParameterRange Range()
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
        var begin = this.at;
        while (this.at < text.Length && char.IsAsciiLetter(text[this.at]))
            this.at++;
        var name = text[begin..this.at];
        if (name is not ("choice" or "range" or "uniform" or "loguniform" or "randint") || !this.Take('('))
        {
            this.at = begin;
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
        var (first, stop, step) = numbers switch
        {
            [var end] => (0, end, 1.0),
            [var low, var end] => (low, end, 1.0),
            [var low, var end, var by] when by != 0 => (low, end, by),
            _ => throw this.Error("range takes stop, start and stop, or start, stop and a step that is not 0"),
        };
        // As Python's: the stop is not among them. A step such as 0.1 is never exact, so places are counted, not added up.
        var count = Math.Ceiling(((stop - first) / step) - 1e-9);
        if (count is < 1 or > 10_000)
            throw this.Error(count < 1 ? "this range holds nothing" : "this range holds more than 10,000 values");
        return [.. Enumerable.Range(0, (int)count).Select(i => whole ? (object)(long)(first + (i * step)) : double.Parse((first + (i * step)).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))];
    }

    private object? Value(int depth)
    {
        if (depth > MostDepth)
            throw this.Error("nested too deeply");
        this.SkipSpace();
        if (this.at >= text.Length)
            return depth == 0 ? "" : throw this.Error("expected a value");
        return text[this.at] switch
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
        return escaped ? word : OverrideReader.Primitive(word);
    }

    private string Until(string ends) => this.Unquoted(ends).Word;

    private (string Word, bool Escaped) Unquoted(string ends)
    {
        var word = new StringBuilder();
        var escaped = false;
        for (; this.at < text.Length && !ends.Contains(text[this.at], StringComparison.Ordinal); this.at++)
        {
            if (text[this.at] == '\\' && this.at + 1 < text.Length && @"\,()[]{}:=' ".Contains(text[this.at + 1], StringComparison.Ordinal))
            {
                this.at++;
                escaped = true;
            }

            word.Append(text[this.at]);
        }

        return (word.ToString().Trim(), escaped);
    }

    private string Quoted()
    {
        var quote = text[this.at++];
        var value = new StringBuilder();
        while (this.at < text.Length && text[this.at] != quote)
        {
            if (text[this.at] == '\\' && this.at + 1 < text.Length && (text[this.at + 1] == quote || text[this.at + 1] == '\\'))
                this.at++;
            value.Append(text[this.at++]);
        }

        return this.at++ < text.Length ? value.ToString() : throw this.Error($"the quote {quote} is not closed");
    }

    private bool Peeks(char c) => this.at < text.Length && text[this.at] == c;

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
        if (this.at < text.Length)
            throw this.Error("this is too much");
    }

    private PipelineException Error(string message) => new($"-S {text}: at character {Math.Min(this.at, text.Length) + 1}: {message}; quote texts that hold , ( ) [ ] {{ }} ' as in KEY='a,b'");
}
