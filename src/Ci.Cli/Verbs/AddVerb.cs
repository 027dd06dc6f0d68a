using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

internal static class AddVerb
{
    public static Command Create(CliContext context)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = "Files or folders to track." };
        var glob = new Option<bool>("--glob") { Description = "Targets are patterns: `*`, `?`, `[a-z]`, and `**` for folders at any depth." };
        var noCommit = new Option<bool>("--no-commit") { Description = "Only write the .dvc file; `mlops commit` takes the bytes into the cache later." };
        var noRelink = new Option<bool>("--no-relink") { Description = "Leave files as they are where cache.type asks for links to the cache." };
        var output = new Option<string?>("--out", "-o") { Description = "Copy the target, which may lie outside of the project, to this place and track that." };
        var force = new Option<bool>("--force", "-f") { Description = "With --out: overwrite what lies there." };
        var toRemote = new Option<bool>("--to-remote") { Description = "Not done here: use `mlops add` and `mlops push`." };
        return new Command("add", "Track data files or folders: the bytes go to the cache, a small .dvc file goes to Git.") { targets, glob, noCommit, noRelink, output, force, toRemote }
            .Does(context, async (parsed, ct) =>
            {
                if (parsed.GetValue(toRemote))
                    throw new CliException("--to-remote is not done here: it would send data that was never checked locally; run `mlops add` and then `mlops push`");
                var pipeline = DataVerbs.Load(context);
                var chosen = AddTargets.Choose(context, parsed.GetValue(targets)!, parsed.GetValue(glob));
                if (parsed.GetValue(output) is { } place)
                    chosen = [AddTargets.CopyIn(context, pipeline.Project, chosen, place, parsed.GetValue(force))];
                // All of them are looked at before the first one is taken: one that cannot be tracked leaves nothing half-done.
                foreach (var target in chosen)
                    await AddTargets.CheckAsync(context, pipeline, target, ct);
                pipeline.Project.Workspace.TellOfCase = (folder, two) => context.Note(
                    $"mlops: `{two.One}` and `{two.Other}` in `{pipeline.Project.Shown(folder)}` differ in case only; on macOS and Windows they are one, and a checkout there loses one of them");
                var files = AddAll(pipeline, chosen, !parsed.GetValue(noCommit), !parsed.GetValue(noRelink));
                if (parsed.IsJson())
                    context.WriteJson(new JsonObject { ["files"] = DataVerbs.Array(files) });
                await DataVerbs.StageAsync(context, pipeline.Project, files, parsed.IsJson(), ct);
                return ExitCode.Ok;
            });
    }

    private static List<string> AddAll(Pipeline pipeline, IEnumerable<AddTarget> targets, bool commit, bool relink)
    {
        var project = pipeline.Project;
        var files = new List<string>();
        try
        {
            foreach (var target in targets)
            {
                var tracked = AddTargets.Tracking(pipeline, target) ?? new PointerFile(target.Path + ".dvc", target.Path, null);
                tracked.Write(DigestOf(project, tracked, target, commit, relink));
                Remember(project.Shown(tracked.File));
                if (GitIgnoreFile.Add(project, tracked.Target) is { } ignore)
                    Remember(project.Shown(ignore));
            }
        }
        finally
        {
            project.SaveState();
        }

        return files;

        void Remember(string file)
        {
            if (!files.Contains(file, StringComparer.Ordinal))
                files.Add(file);
        }
    }

    private static Digest DigestOf(Project project, PointerFile tracked, AddTarget target, bool commit, bool relink)
    {
        if (tracked.Target != target.Path)
        {
            return tracked.Digest is { } then && commit
                ? project.Workspace.SaveInside(tracked.Target, then, target.Path)
                : throw new CliException($"`{target.Text}` lies in `{project.Shown(tracked.Target)}`, which {project.Shown(tracked.File)} tracks; add that folder instead");
        }

        return commit
            ? project.Workspace.Save(target.Path, tracked.Digest, relink)
            : project.Workspace.DigestOf(target.Path) ?? throw new CliException($"`{target.Text}` does not exist");
    }
}
