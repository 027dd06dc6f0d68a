using System.Text;
using System.Text.RegularExpressions;
using Ci.Pipelines.Parameters;

namespace Ci.Pipelines;

/// <summary>A map of parameters as options of a command line, as DVC writes them: <c>--lr 0.1 --items 1 a --flag</c>.</summary>
internal static partial class CommandOptions
{
    /// <summary>The options, by dotted key in the map's order.</summary>
    /// <param name="map">Values; lists hold single values only.</param>
    /// <param name="namesFalseFlags">False becomes <c>--no-flag</c> and not nothing.</param>
    /// <param name="repeatsListOptions">A list's option is repeated for each item.</param>
    /// <param name="where">For messages.</param>
    public static string Of(OrderedDictionary<string, object?> map, bool namesFalseFlags, bool repeatsListOptions, string where)
    {
        var words = new StringBuilder();
        foreach (var (key, value) in ParameterFile.Flatten(map))
        {
            switch (value)
            {
                case true:
                    words.Append($"--{key} ");
                    break;
                case false when namesFalseFlags:
                    words.Append($"--no-{key} ");
                    break;
                case false:
                    break;
                case IReadOnlyList<object?> list:
                    for (var i = 0; i < list.Count; i++)
                        words.Append(i == 0 || repeatsListOptions ? $"--{key} " : "").Append(Item(list[i], key, where)).Append(' ');
                    break;
                default:
                    words.Append($"--{key} {Word(value, key, where)} ");
                    break;
            }
        }

        return words.ToString().TrimEnd();
    }

    // Inside lists Python's own spelling of true and false stands, as DVC has it.
    private static string Item(object? value, string key, string where) => value is bool flag ? flag ? "True" : "False" : Word(value, key, where);

    private static string Word(object? value, string key, string where) => value is string text
        ? Quoted(text)
        : Interpolation.TextOf(value) ?? throw new PipelineException($"{where}: `{key}` is a list of lists or maps, which no command line can say");

    // Python's shlex.quote.
    private static string Quoted(string text) =>
        text.Length > 0 && Safe().IsMatch(text) ? text : $"'{text.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[a-zA-Z0-9_@%+=:,./-]+$")]
    private static partial Regex Safe();
}
