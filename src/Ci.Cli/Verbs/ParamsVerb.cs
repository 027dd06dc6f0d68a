using System.CommandLine;

namespace Ci.Cli.Verbs;

internal static class ParamsVerb
{
    public static Command Create(CliContext context) => new("params", "Compare the parameters that stages depend on.") { ValueDiff.Parameters(context) };
}
