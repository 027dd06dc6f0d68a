namespace Ci.Pipelines.Scheduling;

/// <summary>Reads lines of bounded length: a command may write gigabytes without a line break.</summary>
internal sealed class LineReader(TextReader reader)
{
    /// <summary>Longer lines come in pieces.</summary>
    public const int MostCharacters = 1 << 15;

    private readonly char[] buffer = new char[1 << 13];
    private readonly System.Text.StringBuilder line = new();
    private int at;
    private int end;
    private bool afterReturn;

    /// <summary>The next line, without what ends it (<c>\n</c>, <c>\r\n</c> or, as progress bars write it, <c>\r</c>); null at the end.</summary>
    public async ValueTask<string?> NextAsync(CancellationToken ct)
    {
        for (;;)
        {
            if (this.at == this.end)
            {
                (this.at, this.end) = (0, await reader.ReadAsync(this.buffer, ct));
                if (this.end == 0)
                    return this.line.Length > 0 ? this.Take() : null;
            }

            if (this.afterReturn && this.buffer[this.at] == '\n')
                this.at++;
            this.afterReturn = false;
            if (this.Piece() is { } whole)
                return whole;
        }
    }

    private string? Piece()
    {
        var rest = this.buffer.AsSpan(this.at, this.end - this.at);
        var stop = rest.IndexOfAny('\n', '\r');
        var length = Math.Min(stop < 0 ? rest.Length : stop, MostCharacters - this.line.Length);
        this.line.Append(rest[..length]);
        this.at += length;
        if (length == stop)
        {
            this.afterReturn = rest[stop] == '\r';
            this.at++;
            return this.Take();
        }

        return this.line.Length == MostCharacters ? this.Take() : null;
    }

    private string Take()
    {
        var text = this.line.ToString();
        this.line.Clear();
        return text;
    }
}
