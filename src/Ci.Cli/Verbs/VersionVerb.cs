using System.CommandLine;
using System.Text.Json.Nodes;

namespace Ci.Cli.Verbs;

internal static class VersionVerb
{
    public static string Number { get; } = typeof(VersionVerb).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static Command Create(CliContext context) =>
        new Command("version", "Say which mlops this is.").Does(context, parsed =>
        {
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["version"] = Number });
            else
                context.Line(Number);
            return ExitCode.Ok;
        });
}
