using System.CommandLine;

namespace Ci.Cli;

/// <summary>The root command. A known first word builds that verb alone; everything else builds them all, for <c>--help</c>.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, CliContext context)
    {
        var root = new RootCommand("Continuous integration for machine learning, and delivery of its models to the edge.");
        root.Options.Add(VerbAction.Json);
        root.Options.Add(VerbAction.Verbose);

        var asked = arguments.Length > 0 ? arguments[0] : "";
        var known = VerbTable.All.Any(verb => verb.Name == asked);
        foreach (var verb in VerbTable.All.Where(verb => !known || verb.Name == asked))
            root.Subcommands.Add(verb.Make(context));

        var parsed = root.Parse(arguments);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false });
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }
}
