using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Git;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

internal static class AddVerb
{
    public static Command Create(CliContext context)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = "Files or folders to track." };
        return new Command("add", "Track data files or folders: the bytes go to the cache, a small .dvc file goes to Git.") { targets }
            .Does(context, async (parsed, ct) =>
            {
                var pipeline = DataVerbs.Load(context);
                var files = new List<string>();
                try
                {
                    foreach (var target in parsed.GetValue(targets)!)
                        await AddAsync(context, pipeline, target, files, ct);
                }
                finally
                {
                    pipeline.Project.SaveState();
                }

                if (parsed.IsJson())
                    context.WriteJson(new JsonObject { ["files"] = DataVerbs.Array(files) });
                else
                    DataVerbs.GitHint(context, files);
                return ExitCode.Ok;
            });
    }

    private static async Task AddAsync(CliContext context, Pipeline pipeline, string target, List<string> files, CancellationToken ct)
    {
        var project = pipeline.Project;
        var path = Path.TrimEndingDirectorySeparator(context.FullPath(target));
        if (!project.Contains(path) || path == project.Root || project.Shown(path).Split('/')[0] is ".dvc" or ".git")
            throw new CliException($"`{target}` cannot be tracked: it must lie inside the project {project.Root} and outside of .dvc and .git");
        if (!Path.Exists(path))
            throw new CliException($"`{target}` does not exist");
        if (pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.FullPath == path)) is { } maker)
            throw new CliException($"`{target}` is an output of stage `{maker.Address}`; `mlops repro` or `mlops commit` record it");
        await RefuseTrackedAsync(context, project, path, target, ct);

        var file = path + ".dvc";
        var tracked = pipeline.Pointers.FirstOrDefault(p => p.Target == path) ?? new PointerFile(file, path, null);
        tracked.Write(project.Workspace.Save(path, tracked.Digest));
        files.Add(project.Shown(tracked.File));
        if (GitIgnoreFile.Add(project, path) is { } ignore && !files.Contains(project.Shown(ignore), StringComparer.Ordinal))
            files.Add(project.Shown(ignore));
    }

    private static async Task RefuseTrackedAsync(CliContext context, Project project, string path, string target, CancellationToken ct)
    {
        GitRepository git;
        try
        {
            git = await GitRepository.OpenAsync(project.Root, new GitOptions { Environment = context.Environment }, ct);
        }
        catch (NotARepositoryException)
        {
            return;
        }

        if (await git.ResolveAsync("HEAD", ct) is null)
            return;
        var inGit = Path.GetRelativePath(git.Path, path).Replace(Path.DirectorySeparatorChar, '/');
        if ((await git.ListTreeAsync("HEAD", inGit, ct: ct)).Count > 0)
            throw new CliException($"`{target}` is already tracked by Git; to track it here instead:\n  git rm -r --cached '{inGit}'\n  git commit -m \"Stop tracking {inGit}\"");
    }
}
