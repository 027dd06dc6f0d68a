using System.CommandLine;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops data</c>: tables before a model sees them, and what changed of tracked data.</summary>
internal static class DataVerb
{
    public const string Summary = "Check tables against a schema and a reference, split them, and say what changed of tracked data.";

    public static Command Create(CliContext context) =>
        new("data", Summary) { DataCheckVerb.Create(context), DataSchemaVerb.Create(context), DataSplitVerb.Create(context), DataStatusVerb.Create(context) };
}
