using System.CommandLine;
using System.CommandLine.Parsing;
using Ci.Data;

namespace Ci.Cli;

/// <summary>Turns a command line that does not fit into one message on standard error: what, what was meant, where to read on.</summary>
internal static class UsageReport
{
    public static int Tell(CliContext context, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed);
        var unknown = Mistaken(parsed);
        // What else is missing follows from what was mistyped: only the mistyped words are worth reading.
        var problems = unknown.Count > 0
            ? unknown.Take(command.Subcommands.Count > 0 ? 1 : 3).Select(token => Unknown(command, token))
            : parsed.Errors.Select(error => Lower(error.Message)).Distinct(StringComparer.Ordinal);
        if (unknown.Count == 0 && command.Subcommands.Count > 0 && command.Action is null)
            problems = [$"say which: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}"];
        context.Problem($"{path}: {string.Join("; ", problems)}; `{path} --help` says what it takes");
        return ExitCode.Usage;
    }

    /// <summary>
    /// Words that fit nowhere, and options that a list of targets swallowed: the parser takes any word for a target. Behind a bare
    /// <c>--</c> every word is one.
    /// </summary>
    public static IReadOnlyList<string> Mistaken(ParseResult parsed)
    {
        var swallowed = parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).Where(value => value.Length > 1 && value[0] == '-');
        return [.. parsed.UnmatchedTokens.Concat(swallowed).Where(token => token.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static string Unknown(Command command, string token)
    {
        var shown = token.Length > 80 ? token[..80] + "…" : token;
        if (token.StartsWith('-'))
        {
            var options = command.Options.Concat(VerbAction.Everywhere).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal));
            return $"there is no option {shown}{NearNames.Hint(token, options)}";
        }

        return command.Subcommands.Count > 0
            ? $"there is no verb `{shown}`{NearNames.Hint(token, command.Subcommands.Select(sub => sub.Name))}"
            : $"`{shown}` is one argument too many";
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = (System.CommandLine.Parsing.SymbolResult?)parsed.CommandResult; result is System.CommandLine.Parsing.CommandResult command; result = command.Parent)
            names.Insert(0, command.Command is RootCommand ? "mlops" : command.Command.Name);
        return string.Join(' ', names);
    }

    private static string Lower(string message)
    {
        // "… as expected type 'System.Nullable`1[System.Int64]'" says nothing to whoever does not write C#.
        const string type = " as expected type ";
        if (message.IndexOf(type, StringComparison.Ordinal) is >= 0 and var at)
        {
            var kind = message[at..];
            message = message[..at] + (kind.Contains("Int", StringComparison.Ordinal) ? ": expected a whole number"
                : kind.Contains("Double", StringComparison.Ordinal) ? ": expected a number"
                : kind.Contains("Date", StringComparison.Ordinal) ? ": expected a time such as 2026-05-01T00:00:00Z" : "");
        }

        return (message.Length > 0 ? char.ToLowerInvariant(message[0]) + message[1..] : message).TrimEnd('.');
    }
}
