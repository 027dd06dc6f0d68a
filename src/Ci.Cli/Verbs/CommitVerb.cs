using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

internal static class CommitVerb
{
    public static Command Create(CliContext context)
    {
        var targets = DataVerbs.Targets("Stages, tracked files, or .dvc files; everything if absent.");
        var force = new Option<bool>("--force", "-f") { Description = "Also record what changed since it was recorded." };
        var withDeps = new Option<bool>("--with-deps", "-d") { Description = "Also what the targets need." };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Folders mean all that is described below them." };
        var noRelink = new Option<bool>("--no-relink") { Description = "Leave files as they are where cache.type asks for links to the cache." };
        return new Command("commit", "Record data and outputs as they are now, without running anything.") { targets, force, withDeps, recursive, noRelink }.Does(context, parsed =>
        {
            var committer = new Committer(DataVerbs.Load(context), context.Environment) { Relinks = !parsed.GetValue(noRelink) };
            committer.Commit(
                [.. (parsed.GetValue(targets) ?? []).Select(t => new Target(t, context.WorkingDirectory))], parsed.GetValue(force), parsed.GetValue(withDeps), parsed.GetValue(recursive));
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["files"] = DataVerbs.Array(committer.ChangedFiles) });
            else
                DataVerbs.GitHint(context, committer.ChangedFiles);
            return ExitCode.Ok;
        });
    }
}
