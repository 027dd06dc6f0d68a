using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

internal static class CommitVerb
{
    public static Command Create(CliContext context)
    {
        var targets = DataVerbs.Targets("Stages; everything if absent.");
        return new Command("commit", "Record data and outputs as they are now, without running anything.") { targets }.Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var options = new ReproOptions { Targets = parsed.GetValue(targets) ?? [], Folder = context.WorkingDirectory, SingleItem = true, Environment = context.Environment };
            var reproducer = new Reproducer(pipeline, options, context.Time, _ => { });
            reproducer.Commit();
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["files"] = DataVerbs.Array(reproducer.ChangedFiles) });
            else
                DataVerbs.GitHint(context, reproducer.ChangedFiles);
            return ExitCode.Ok;
        });
    }
}
