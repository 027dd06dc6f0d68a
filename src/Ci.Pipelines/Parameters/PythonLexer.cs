using System.Globalization;
using System.Text;

namespace Ci.Pipelines.Parameters;

/// <summary>Cuts a Python file into statements and words, as far as telling assignments of plain values from all else needs it.</summary>
internal sealed class PythonLexer(string text, string name)
{
    private const int MaxDepth = 200;

    private readonly List<PythonLine> lines = [];
    private readonly List<PythonToken> tokens = [];
    private int at;
    private int line = 1;
    private int depth;
    private int indent;
    private int begun;

    /// <summary>All statements.</summary>
    /// <exception cref="PipelineException">A text or bracket does not end; the message begins with <c>file:line</c>.</exception>
    public IReadOnlyList<PythonLine> Read()
    {
        this.BeginLine();
        while (this.at < text.Length)
            this.Step();
        if (this.depth > 0)
            throw this.Error("a bracket does not end");
        this.EndLine();
        return this.lines;
    }

    private void Step()
    {
        var c = text[this.at];
        switch (c)
        {
            case '\n':
                this.at++;
                this.line++;
                if (this.depth == 0)
                {
                    this.EndLine();
                    this.BeginLine();
                }

                break;
            case '\\' when this.Peek(1) is '\n' or '\r':
                this.at += this.Peek(1) == '\r' && this.Peek(2) == '\n' ? 3 : 2;
                this.line++;
                break;
            case '#':
                var end = text.IndexOf('\n', this.at);
                this.at = end < 0 ? text.Length : end;
                break;
            case ' ' or '\t' or '\r' or '\f':
                this.at++;
                break;
            case '"' or '\'':
                this.Text("");
                break;
            case (>= '0' and <= '9') or '.' when c != '.' || char.IsAsciiDigit(this.Peek(1)):
                this.Number();
                break;
            case '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or > '\x7f':
                this.Word();
                break;
            default:
                this.Mark(c);
                break;
        }
    }

    private void BeginLine()
    {
        this.indent = 0;
        for (; this.at < text.Length && text[this.at] is ' ' or '\t' or '\f'; this.at++)
            this.indent = text[this.at] switch { '\t' => (this.indent / 8 * 8) + 8, '\f' => 0, _ => this.indent + 1 };
        this.begun = this.line;
    }

    private void EndLine()
    {
        if (this.tokens.Count > 0)
            this.lines.Add(new PythonLine(this.indent, this.begun, [.. this.tokens]));
        this.tokens.Clear();
    }

    private void Mark(char c)
    {
        this.depth += c switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
        if (this.depth is < 0 or > MaxDepth)
            throw this.Error(this.depth < 0 ? $"`{c}` closes nothing" : "brackets nested too deeply");
        // Of the longer marks only those matter that hold an equals sign and are no assignment.
        var length = this.Peek(1) == '=' && c is '=' or '!' or '<' or '>' or '+' or '-' or '*' or '/' or '%' or '&' or '|' or '^' or '@' or ':' && this.Peek(1) == '=' ? 2 : 1;
        if (length == 1 && c is '*' or '/' or '<' or '>' && this.Peek(1) == c)
            length = this.Peek(2) == '=' ? 3 : 2;
        this.tokens.Add(new PythonToken(PythonTokenKind.Mark, text.Substring(this.at, length)));
        this.at += length;
    }

    private void Number()
    {
        var start = this.at;
        while (this.at < text.Length && (char.IsAsciiLetterOrDigit(text[this.at]) || text[this.at] is '_' or '.'
            || (text[this.at] is '+' or '-' && text[this.at - 1] is 'e' or 'E' && !text.AsSpan(start).StartsWith("0x", StringComparison.OrdinalIgnoreCase))))
            this.at++;
        this.tokens.Add(new PythonToken(PythonTokenKind.Number, text[start..this.at]));
    }

    private void Word()
    {
        var start = this.at;
        while (this.at < text.Length && (char.IsLetterOrDigit(text[this.at]) || text[this.at] == '_' || text[this.at] > '\x7f'))
            this.at++;
        var word = text[start..this.at];
        if (word.Length <= 2 && this.at < text.Length && text[this.at] is '"' or '\'' && word.All(c => "rRbBuUfFtT".Contains(c, StringComparison.Ordinal)))
            this.Text(word.ToLowerInvariant());
        else
            this.tokens.Add(new PythonToken(PythonTokenKind.Name, word));
    }

    private void Text(string prefix)
    {
        var quote = text[this.at];
        var isLong = this.Peek(1) == quote && this.Peek(2) == quote;
        this.at += isLong ? 3 : 1;
        var value = new StringBuilder();
        var isRaw = prefix.Contains('r', StringComparison.Ordinal);
        for (; ; this.at++)
        {
            if (this.at >= text.Length || (!isLong && text[this.at] == '\n'))
                throw this.Error("a text does not end");
            var c = text[this.at];
            if (c == quote && (!isLong || (this.Peek(1) == quote && this.Peek(2) == quote)))
                break;
            this.line += c == '\n' ? 1 : 0;
            if (c == '\\')
                this.Escape(value, isRaw);
            else
                value.Append(c);
        }

        this.at += isLong ? 3 : 1;
        var isPlain = prefix.AsSpan().IndexOfAny('b', 'f', 't') < 0;
        this.tokens.Add(new PythonToken(isPlain ? PythonTokenKind.Text : PythonTokenKind.OtherText, value.ToString()));
    }

    // Leaves the position at the escape's last character.
    private void Escape(StringBuilder value, bool isRaw)
    {
        var c = this.Peek(1);
        this.line += c == '\n' ? 1 : 0;
        this.at++;
        if (isRaw)
        {
            value.Append('\\').Append(c);
            return;
        }

        switch (c)
        {
            case '\n' or '\0': break;
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case 'r': value.Append('\r'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'v': value.Append('\v'); break;
            case 'a': value.Append('\a'); break;
            case '\\' or '\'' or '"': value.Append(c); break;
            case 'x': this.Point(value, 2); break;
            case 'u': this.Point(value, 4); break;
            case 'U': this.Point(value, 8); break;
            case >= '0' and <= '7': this.Octal(value); break;
            default: value.Append('\\').Append(c); break;
        }
    }

    private void Point(StringBuilder value, int digits)
    {
        if (this.at + digits >= text.Length || !int.TryParse(text.AsSpan(this.at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point is < 0 or > 0x10FFFF)
            throw this.Error("not a Unicode escape");
        value.Append(point is >= 0xD800 and < 0xE000 ? ((char)point).ToString() : char.ConvertFromUtf32(point));
        this.at += digits;
    }

    private void Octal(StringBuilder value)
    {
        var number = text[this.at] - '0';
        for (var i = 0; i < 2 && this.Peek(1) is >= '0' and <= '7'; i++)
            number = (number * 8) + (text[++this.at] - '0');
        value.Append((char)number);
    }

    private char Peek(int ahead) => this.at + ahead < text.Length ? text[this.at + ahead] : '\0';

    private PipelineException Error(string message) => new($"{name}:{this.line}: not valid Python: {message}");
}
