namespace Ci.Pipelines.Parameters;

/// <summary>
/// Reads the plain values that a Python file assigns, without running it: to names at the top level and in classes, and to
/// <c>self</c> in <c>__init__</c>. What is computed is no parameter and is passed over, as DVC does.
/// </summary>
internal sealed class PythonReader
{
    private const int MaxDepth = 100;

    private static readonly HashSet<string> Openers = new(StringComparer.Ordinal)
    {
        "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "async",
    };

    private readonly IReadOnlyList<PythonLine> lines;
    private readonly string name;
    private int at;

    private PythonReader(string text, string name) => (this.lines, this.name) = (new PythonLexer(text, name).Read(), name);

    public static OrderedDictionary<string, object?> Read(string text, string name) => new PythonReader(text, name).Block(-1, onlySelf: false, 0);

    // The lines that stand deeper than the header.
    private OrderedDictionary<string, object?> Block(int header, bool onlySelf, int depth)
    {
        if (depth > MaxDepth)
            throw new PipelineException($"{this.name}:{this.lines[Math.Min(this.at, this.lines.Count - 1)].Line}: nested too deeply");
        var values = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        while (this.at < this.lines.Count && this.lines[this.at].Indent > header)
        {
            var line = this.lines[this.at++];
            var tokens = line.Tokens;
            if (tokens[0].Is("class") && tokens.Count > 1)
                values[tokens[1].Text] = this.Body(line, onlySelf: false, depth);
            else if (tokens[0].Is("def") && tokens.Count > 1 && tokens[1].Is("__init__"))
                Update(values, this.Body(line, onlySelf: true, depth));
            else if (tokens[0].Is("def") || Openers.Contains(tokens[0].Text) || tokens[^1].Is(":"))
                this.Skip(line.Indent);
            else
                Statements(values, tokens, onlySelf);
        }

        return values;
    }

    private OrderedDictionary<string, object?> Body(PythonLine line, bool onlySelf, int depth)
    {
        var colon = Top(line.Tokens, ":");
        if (colon < 0 || colon == line.Tokens.Count - 1)
            return this.Block(line.Indent, onlySelf, depth + 1);
        var values = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        Statements(values, [.. line.Tokens.Skip(colon + 1)], onlySelf);
        return values;
    }

    private void Skip(int indent)
    {
        while (this.at < this.lines.Count && this.lines[this.at].Indent > indent)
            this.at++;
    }

    private static void Update(OrderedDictionary<string, object?> values, OrderedDictionary<string, object?> more)
    {
        foreach (var (key, value) in more)
            values[key] = value;
    }

    private static void Statements(OrderedDictionary<string, object?> values, IReadOnlyList<PythonToken> tokens, bool onlySelf)
    {
        for (var start = 0; start < tokens.Count;)
        {
            var length = Top([.. tokens.Skip(start)], ";");
            var statement = tokens.Skip(start).Take(length < 0 ? tokens.Count : length).ToList();
            if (Assigned(statement, onlySelf) is var (target, value))
                values[target] = value;
            start += statement.Count + 1;
        }
    }

    // `name = value`, `name: type = value`, `self.name = value`; null for anything else.
    private static (string Target, object? Value)? Assigned(IReadOnlyList<PythonToken> tokens, bool onlySelf)
    {
        var equals = Top(tokens, "=");
        var colon = Top(tokens, ":");
        var end = colon >= 0 && colon < equals ? colon : equals;
        if (equals <= 0 || Top([.. tokens.Skip(equals + 1)], "=") >= 0)
            return null;
        var isSelf = end == 3 && tokens[0].Is("self") && tokens[1].Is(".") && tokens[2].Kind == PythonTokenKind.Name;
        if (!isSelf && (onlySelf || end != 1 || tokens[0].Kind != PythonTokenKind.Name))
            return null;
        return PythonLiteral.TryRead([.. tokens.Skip(equals + 1)], out var value) ? (tokens[end - 1].Text, value) : null;
    }

    // Where a mark stands outside of all brackets and of `lambda`.
    private static int Top(IReadOnlyList<PythonToken> tokens, string mark)
    {
        var depth = 0;
        var lambdas = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (depth == 0 && token.Is(mark) && (mark != ":" || lambdas-- == 0))
                return i;
            if (token.Kind == PythonTokenKind.Mark)
                depth += token.Text switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 };
            else if (depth == 0 && token.Is("lambda"))
                lambdas++;
        }

        return -1;
    }
}
