using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

internal static class UnprotectVerb
{
    public static Command Create(CliContext context)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = "Tracked files or folders." };
        return new Command("unprotect", "Give files that are links into the cache bytes of their own, so that they may be changed.") { targets }
            .Does(context, parsed =>
            {
                var project = Project.Open(context.WorkingDirectory, context.Time, context.Environment);
                var count = 0;
                foreach (var target in parsed.GetValue(targets)!)
                {
                    var path = Path.TrimEndingDirectorySeparator(context.FullPath(target));
                    if (!project.Contains(path) || path == project.Root)
                        throw new CliException($"`{target}` lies outside of the project {project.Root}");
                    count += project.Workspace.Unprotect(path);
                }

                if (parsed.IsJson())
                    context.WriteJson(new JsonObject { ["unprotected"] = count });
                return ExitCode.Ok;
            });
    }
}
