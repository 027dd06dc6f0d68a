using System.Text;

namespace Ci.Jobs.GitHubActions;

/// <summary>A command line's words: parted by blanks; quotes keep blanks, a backslash keeps the next character. Nothing else is special.</summary>
internal static class CommandWords
{
    /// <summary>The words of one line; its number is for the message.</summary>
    /// <exception cref="JobException">A quote stays open, or the line ends in a backslash.</exception>
    public static IReadOnlyList<string> Of(string line, int number)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var begun = false;
        for (var at = 0; at < line.Length; at++)
        {
            switch (line[at])
            {
                case ' ' or '\t':
                    if (begun)
                        words.Add(word.ToString());
                    begun = false;
                    word.Clear();
                    continue;
                case '\'' or '"':
                    at = Quoted(line, at, word, number);
                    break;
                case '\\':
                    word.Append(Escaped(line, ++at, number));
                    break;
                default:
                    word.Append(line[at]);
                    break;
            }

            begun = true;
        }

        if (begun)
            words.Add(word.ToString());
        return words;
    }

    // Inside double quotes a backslash keeps only what would end them or itself, as in a shell; inside single ones it is a character.
    private static int Quoted(string line, int open, StringBuilder word, int number)
    {
        var quote = line[open];
        for (var at = open + 1; at < line.Length; at++)
        {
            if (line[at] == quote)
                return at;
            if (quote == '"' && line[at] == '\\' && at + 1 < line.Length && line[at + 1] is '"' or '\\')
                at++;
            word.Append(line[at]);
        }

        throw new JobException($"line {number} of the input `command` opens a {(quote == '"' ? "double" : "single")} quote and does not close it; write \\{quote} for the character itself");
    }

    private static char Escaped(string line, int at, int number) => at < line.Length ? line[at]
        : throw new JobException($"line {number} of the input `command` ends in a backslash: nothing follows that it could keep; a command is one line");
}
