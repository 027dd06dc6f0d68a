using System.CommandLine;

namespace Ci.Cli;

/// <summary>The root command. A known first word builds that verb alone; <c>--help</c> lists names and summaries without building any.</summary>
internal static class CommandLine
{
    private const string Description = """
        Continuous integration for machine learning, and delivery of its models to the edge.

        `mlops VERB --help` says what a verb does; `mlops --cd FOLDER VERB` does it as if called from there.
        Exit codes: 0 done; 1 error; 2 wrong usage; 3 a gate says regress; 4 inconclusive; 5 refused by a signature,
        digest, policy or promotion rule; 6 network, forge or store unavailable (retry); 130 interrupted.
        """;

    public static async Task<int> RunAsync(string[] arguments, CliContext context)
    {
        // As `git -C` and `dvc --cd`: before the verb, so that everything the verb reads is seen from there.
        if (arguments is ["--cd", var folder, .. var rest])
        {
            context = context.In(folder);
            if (!Directory.Exists(context.WorkingDirectory))
            {
                context.Problem($"mlops: --cd {folder}: there is no such folder");
                return ExitCode.Usage;
            }

            arguments = rest;
        }

        arguments = CmlSpellings.Translate(arguments);
        if (arguments.Length > 0 && CmlSpellings.Missing(arguments[0]) is { } missing)
        {
            context.Problem($"mlops: {missing}");
            return ExitCode.Usage;
        }

        var parsed = Parse(arguments, context);
        // Asked for nothing at all, the list of verbs is the answer; anything else that does not fit is told in one line.
        if ((parsed.Errors.Count > 0 || UsageReport.Mistaken(parsed).Count > 0) && arguments.Length > 0)
            return DvcExitCodes.Of(arguments[0], UsageReport.Tell(context, parsed), null);
        using var interruption = new Interruption(context.Time);
        context.Interruption = interruption;
        var configuration = new InvocationConfiguration { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        var code = await await Task.WhenAny(parsed.InvokeAsync(configuration, interruption.Token), interruption.Forced);
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    /// <summary>What a command line says; nothing is run.</summary>
    public static ParseResult Parse(string[] arguments, CliContext context)
    {
        var root = new RootCommand(Description);
        foreach (var option in VerbAction.Everywhere)
            root.Options.Add(option);

        var asked = arguments.Length > 0 ? arguments[0] : "";
        var known = Array.Find(VerbTable.All, verb => verb.Name == asked);
        if (known.Make is not null)
            root.Subcommands.Add(known.Make(context));
        else
            Array.ForEach(VerbTable.All, verb => root.Subcommands.Add(new Command(verb.Name, verb.Summary)));
        return root.Parse(arguments);
    }
}
