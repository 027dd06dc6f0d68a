using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

internal static class InitVerb
{
    public static Command Create(CliContext context) =>
        new Command("init", "Make this folder a project with data and pipelines (creates .dvc).").Does(context, parsed =>
        {
            Project.Initialize(context.WorkingDirectory);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["root"] = context.WorkingDirectory });
            else
                context.Line("Initialized the project.\n\nYou can now commit the changes to git:\n\n\tgit add .dvc/config .dvc/.gitignore .dvcignore");
            return ExitCode.Ok;
        });
}
