using System.Text;

namespace Ci.Data;

/// <summary>
/// A shell's pattern: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c>, read as Python reads it, for which DVC's users write it. All ways through
/// the pattern are followed at once, so no pattern takes more than its length times that of the text.
/// </summary>
public sealed class ShellPattern
{
    private static readonly Rune Slash = new('/');

    private readonly List<Token> tokens = [];
    private readonly bool isPath;

    public ShellPattern(string pattern, ShellPatternRules rules)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        this.isPath = rules == ShellPatternRules.Path;
        var runes = pattern.EnumerateRunes().ToArray();
        for (var at = 0; at < runes.Length;)
            at = this.Take(runes, at);
    }

    private enum Kind
    {
        One,
        Any,
        Run,
        Everything,
        Folders,
        Set,
    }

    /// <summary>Whether a text holds what makes it a pattern.</summary>
    public static bool IsOne(string text) => text.AsSpan().ContainsAny("*?[");

    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (here, next) = (new State[this.tokens.Count + 1], new State[this.tokens.Count + 1]);
        this.Enter(here, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            Array.Clear(next);
            for (var i = 0; i < this.tokens.Count; i++)
            {
                if (here[i] != State.Absent)
                    this.Step(next, i, rune);
            }

            (here, next) = (next, here);
        }

        return here[^1] != State.Absent;
    }

    private int Take(Rune[] pattern, int at)
    {
        var stars = this.isPath && At(pattern, at, '*') && At(pattern, at + 1, '*');
        if (stars)
        {
            var folders = At(pattern, at + 2, '/');
            this.tokens.Add(new Token(folders ? Kind.Folders : Kind.Everything));
            return at + (folders ? 3 : 2);
        }

        if (At(pattern, at, '[') && EndOfSet(pattern, at + 1) is > 0 and var end)
        {
            var negated = At(pattern, at + 1, '!');
            this.tokens.Add(new Token(Kind.Set) { Set = pattern[(at + (negated ? 2 : 1))..end], IsNegated = negated });
            return end + 1;
        }

        this.tokens.Add(pattern[at].Value switch
        {
            '*' => new Token(this.isPath ? Kind.Run : Kind.Everything),
            '?' => new Token(Kind.Any),
            _ => new Token(Kind.One) { Rune = pattern[at] },
        });
        return at + 1;
    }

    // A bracket that closes at once, or right after the mark of its opposite, is one of the characters.
    private static int EndOfSet(Rune[] pattern, int at)
    {
        at += At(pattern, at, '!') ? 1 : 0;
        at += At(pattern, at, ']') ? 1 : 0;
        while (at < pattern.Length && !At(pattern, at, ']'))
            at++;
        return at < pattern.Length ? at : -1;
    }

    private static bool At(Rune[] pattern, int at, char c) => at < pattern.Length && pattern[at].Value == c;

    // A place is reached together with all that may follow it on no text at all.
    private void Enter(State[] states, int at)
    {
        for (; states[at] != State.Open; at++)
        {
            states[at] = State.Open;
            if (at == this.tokens.Count || this.tokens[at].Kind is not (Kind.Run or Kind.Everything or Kind.Folders))
                return;
        }
    }

    private void Step(State[] next, int at, Rune rune)
    {
        var token = this.tokens[at];
        var isSlash = this.isPath && rune == Slash;
        switch (token.Kind)
        {
            case Kind.Everything or Kind.Run when !isSlash || token.Kind == Kind.Everything:
                this.Enter(next, at);
                break;
            case Kind.Folders:
                // Once begun, a folder ends with its slash and nowhere before.
                if (next[at] == State.Absent)
                    next[at] = State.Inside;
                if (isSlash)
                    this.Enter(next, at + 1);
                break;
            case Kind.One when token.Rune == rune:
            case Kind.Any when !isSlash:
            case Kind.Set when !isSlash && token.Holds(rune):
                this.Enter(next, at + 1);
                break;
        }
    }

    private enum State : byte
    {
        Absent,
        Inside,
        Open,
    }

    private sealed record Token(Kind Kind)
    {
        public Rune Rune { get; init; }

        public Rune[] Set { get; init; } = [];

        public bool IsNegated { get; init; }

        // A range whose end lies before its begin holds nothing; a dash at either end is a dash.
        public bool Holds(Rune rune)
        {
            var found = false;
            for (var i = 0; i < this.Set.Length; i++)
            {
                var isRange = i + 2 < this.Set.Length && this.Set[i + 1].Value == '-';
                found |= isRange ? this.Set[i] <= rune && rune <= this.Set[i + 2] : this.Set[i] == rune;
                i += isRange ? 2 : 0;
            }

            return found != this.IsNegated;
        }
    }
}
