using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

internal static class ImportVerb
{
    public const string Summary = "Get a file or folder out of another repository and track it, with where it came from.";

    public static Command Create(CliContext context)
    {
        var url = new Argument<string>("url") { Description = "The repository: a path, or an address that git takes." };
        var path = new Argument<string>("path") { Description = "The file or folder in it, kept by Git or tracked as data." };
        var output = UpstreamVerbs.Out();
        var revision = UpstreamVerbs.Revision();
        var remote = UpstreamVerbs.Remote();
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there already." };
        var noExec = new Option<bool>("--no-exec") { Description = "Only write the .dvc file; nothing is asked for." };
        var noDownload = new Option<bool>("--no-download") { Description = "Only write the .dvc file, with the commit that it is of; `mlops pull` gets the data." };
        var command = new Command("import", Summary) { url, path, output, revision, remote, force, noExec, noDownload, UpstreamVerbs.Jobs() };
        UpstreamVerbs.RefuseSettings(command);
        return command.Does(context, async (parsed, ct) =>
        {
            if (parsed.GetValue(noExec) && parsed.GetValue(noDownload))
                throw new CliException("--no-exec and --no-download do not go together: the first asks nothing, the second asks for the commit", ExitCode.Usage);
            var pipeline = DataVerbs.Load(context);
            var project = pipeline.Project;
            var (from, what) = (parsed.GetValue(url)!, parsed.GetValue(path)!);
            var target = UpstreamVerbs.Target(context, what, parsed.GetValue(output));
            Refuse(context, pipeline, target, parsed.GetValue(force));
            var import = ImportFile.OfRepository(target + ".dvc", target, what.TrimEnd('/'), Recorded(context, project, from), parsed.GetValue(revision), parsed.GetValue(remote));
            if (!parsed.GetValue(noExec))
            {
                Tell(context, parsed, import, project);
                using var upstream = await UpstreamRepository.OpenAsync(from, parsed.GetValue(revision), project, UpstreamVerbs.Options(context, parsed.GetValue(remote)), ct);
                var item = await upstream.FindAsync(what, ct);
                import.Follow(parsed.GetValue(revision), upstream.Commit);
                if (!parsed.GetValue(noDownload))
                    import.Take(await TakeAsync(context, project, upstream, item, target, ct));
            }

            // Last, so that an import that fails leaves no line behind.
            var ignore = GitIgnoreFile.Add(project, target);
            import.Write();
            project.SaveState();
            await DoneAsync(context, parsed, project, import, ignore, ct);
            return ExitCode.Ok;
        });
    }

    /// <summary>Puts an item into the workspace and the cache.</summary>
    /// <returns>What it is.</returns>
    public static async Task<Digest> TakeAsync(CliContext context, Project project, UpstreamRepository upstream, UpstreamItem item, string target, CancellationToken ct)
    {
        await upstream.FetchAsync(item, ct);
        if (item.Tracked is { } digest)
        {
            project.Workspace.Restore(target, digest, force: true);
            return digest.IsFolder && digest.FileCount is null ? project.Workspace.Save(target) : digest;
        }

        using (var scratch = ScratchProject.Beside(target, context))
            UpstreamVerbs.Place(upstream, item, target, scratch.Project.Root);
        return project.Workspace.Save(target);
    }

    public static void Refuse(CliContext context, Pipelines.Pipeline pipeline, string target, bool force)
    {
        UpstreamVerbs.RefuseTaken(pipeline, target, target + ".dvc");
        if (!force && (Path.Exists(target) || File.Exists(target + ".dvc")))
            throw new CliException($"`{Path.GetRelativePath(context.WorkingDirectory, Path.Exists(target) ? target : target + ".dvc")}` exists already; --force replaces it");
    }

    public static void Tell(CliContext context, ParseResult parsed, ImportFile import, Project project)
    {
        if (!parsed.IsJson())
            context.Line($"Importing '{import.SourceShown}' -> '{Path.GetRelativePath(context.WorkingDirectory, import.Target).Replace(Path.DirectorySeparatorChar, '/')}'");
    }

    public static async Task DoneAsync(CliContext context, ParseResult parsed, Project project, ImportFile import, string? ignore, CancellationToken ct)
    {
        string[] files = [project.Shown(import.File), .. ignore is null ? Array.Empty<string>() : [project.Shown(ignore)]];
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["path"] = project.Shown(import.Target), ["md5"] = import.Md5, ["rev_lock"] = import.LockedRevision, ["files"] = DataVerbs.Array(files) });
        await DataVerbs.StageAsync(context, project, files, parsed.IsJson(), ct);
    }

    // A path is recorded as it leads there from the project's root, wherever the command was given.
    private static string Recorded(CliContext context, Project project, string url) =>
        Path.IsPathRooted(url) || !Directory.Exists(context.FullPath(url)) || context.WorkingDirectory == project.Root ? url : Path.GetRelativePath(project.Root, context.FullPath(url)).Replace(Path.DirectorySeparatorChar, '/');
}
