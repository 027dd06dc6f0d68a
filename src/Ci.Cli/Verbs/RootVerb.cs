using System.CommandLine;
using Ci.Data;

namespace Ci.Cli.Verbs;

internal static class RootVerb
{
    public const string Summary = "Say where the project's top folder is, from here.";

    public static Command Create(CliContext context) => new Command("root", Summary).Does(context, parsed =>
    {
        var path = Path.GetRelativePath(context.WorkingDirectory, Project.Open(context.WorkingDirectory, context.Time, context.Environment).Root).Replace(Path.DirectorySeparatorChar, '/');
        if (parsed.IsJson())
            context.WriteJson(System.Text.Json.Nodes.JsonValue.Create(path));
        else
            context.Line(path);
        return ExitCode.Ok;
    });
}
