using System.CommandLine;

namespace Ci.Cli;

/// <summary>Binds a verb's body to its command, with the options that every verb has.</summary>
internal static class VerbAction
{
    public static readonly Option<bool> Json = new("--json") { Description = "Write one JSON document to standard output.", Recursive = true };

    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "On an error, also show the stack trace.", Recursive = true };

    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Write nothing but errors (and what --json asks for).", Recursive = true };

    /// <summary>The options that every verb has.</summary>
    public static readonly IReadOnlyList<Option> Everywhere = [Json, Verbose, Quiet];

    /// <summary>The body returns an <see cref="ExitCode"/>; what it throws is told by <see cref="ErrorReport"/>.</summary>
    public static Command Does(this Command command, CliContext context, Func<ParseResult, CancellationToken, Task<int>> body)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            context.IsQuiet = parsed.GetValue(Quiet);
            try
            {
                return await body(parsed, cancellation);
            }
            catch (Exception error)
            {
                return DvcExitCodes.Of(VerbOf(parsed), ErrorReport.Tell(context, error, parsed.GetValue(Verbose)), error);
            }
        });
        return command;
    }

    /// <inheritdoc cref="Does(Command, CliContext, Func{ParseResult, CancellationToken, Task{int}})"/>
    public static Command Does(this Command command, CliContext context, Func<ParseResult, int> body) =>
        command.Does(context, (parsed, _) => Task.FromResult(body(parsed)));

    // The outermost command below the root: `metrics` of `metrics diff`.
    private static string VerbOf(ParseResult parsed)
    {
        var at = parsed.CommandResult;
        while (at.Parent is System.CommandLine.Parsing.CommandResult { Parent: not null } outer)
            at = outer;
        return at.Command.Name;
    }

    public static bool IsJson(this ParseResult parsed) => parsed.GetValue(Json);
}
