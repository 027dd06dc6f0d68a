using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

internal static class UpdateVerb
{
    public const string Summary = "Bring imports to what their origin has now.";

    public static Command Create(CliContext context)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = ".dvc files of imports, or what they stand for." };
        var revision = new Option<string?>("--rev") { Description = "Follow another branch, tag or commit from now on." };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Folders stand for every import in them." };
        var noDownload = new Option<bool>("--no-download") { Description = "Only record the commit; `mlops pull` gets the data." };
        return new Command("update", Summary) { targets, revision, recursive, noDownload, UpstreamVerbs.Jobs() }.Does(context, async (parsed, ct) =>
        {
            var project = Project.Open(context.WorkingDirectory, context.Time, context.Environment);
            var results = new JsonArray();
            try
            {
                foreach (var import in Imports(context, project, parsed.GetValue(targets)!, parsed.GetValue(recursive)))
                {
                    var changed = await UpdateAsync(context, parsed, project, import, parsed.GetValue(revision), parsed.GetValue(noDownload), ct);
                    results.Add((JsonNode)new JsonObject { ["file"] = project.Shown(import.File), ["changed"] = changed, ["md5"] = import.Md5, ["rev_lock"] = import.LockedRevision });
                }
            }
            finally
            {
                project.SaveState();
            }

            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["imports"] = results });
            return ExitCode.Ok;
        });
    }

    private static List<ImportFile> Imports(CliContext context, Project project, string[] targets, bool recursive)
    {
        var found = new List<ImportFile>();
        foreach (var target in targets)
        {
            var path = Path.TrimEndingDirectorySeparator(context.FullPath(target));
            if (recursive && Directory.Exists(path) && !File.Exists(path + ".dvc"))
            {
                found.AddRange(Directory.EnumerateFiles(path, "*.dvc", SearchOption.AllDirectories).Where(f => !project.Ignore.IgnoresAnywhere(f, isFolder: false))
                    .Order(StringComparer.Ordinal).Select(f => ImportFile.Read(f, project.Shown(f))).OfType<ImportFile>());
                continue;
            }

            var file = path.EndsWith(".dvc", StringComparison.Ordinal) ? path : path + ".dvc";
            if (!File.Exists(file))
                throw new CliException($"`{target}` does not exist, nor does `{Path.GetFileName(file)}`: name the .dvc file of an import");
            found.Add(ImportFile.Read(file, project.Shown(file)) ?? throw new CliException($"`{project.Shown(file)}` is no import: its data was added here; `mlops add` or `mlops commit` record what it is now"));
        }

        return found;
    }

    private static async Task<bool> UpdateAsync(CliContext context, ParseResult parsed, Project project, ImportFile import, string? revision, bool noDownload, CancellationToken ct)
    {
        if (import.HasOwnSettings)
            throw new CliException($"`{project.Shown(import.File)}` lays settings of its own over the other repository's (`config`); they are not known here");
        ImportVerb.Tell(context, parsed, import, project);
        RefuseUnsaved(project, import);
        return import.Url is null
            ? await UpdateAddressAsync(context, project, import, revision, ct)
            : await UpdateRepositoryAsync(context, project, import, revision, noDownload, ct);
    }

    // What somebody changed here and nobody has kept is worth more than what is new there.
    private static void RefuseUnsaved(Project project, ImportFile import)
    {
        if (project.Workspace.DigestOf(import.Target) is { } now && now.Md5 != import.Md5 && !project.Cache.HasAll(now.Md5))
            throw new CliException($"`{project.Shown(import.Target)}` was changed here and that content is nowhere else; move it away, or drop it with `mlops checkout --force`");
    }

    private static async Task<bool> UpdateRepositoryAsync(CliContext context, Project project, ImportFile import, string? revision, bool noDownload, CancellationToken ct)
    {
        // A path in the file leads from the project's root.
        var options = UpstreamVerbs.Options(context, import.Remote) with { Folder = project.Root };
        using var upstream = await UpstreamRepository.OpenAsync(import.Url!, revision ?? import.Revision, project, options, ct);
        var item = await upstream.FindAsync(import.SourcePath, ct);
        var before = import.Md5;
        var same = item.Tracked is { } digest ? digest.Md5 == before : null as bool?;
        import.Follow(revision, upstream.Commit);
        if (noDownload)
        {
            if (same != true)
                import.Take(null);
        }
        else if (same != true || project.Workspace.DigestOf(import.Target)?.Md5 != before)
            import.Take(await ImportVerb.TakeAsync(context, project, upstream, item, import.Target, ct));
        import.Write();
        return import.Md5 != before;
    }

    private static async Task<bool> UpdateAddressAsync(CliContext context, Project project, ImportFile import, string? revision, CancellationToken ct)
    {
        if (revision is not null)
            throw new CliException($"`{project.Shown(import.File)}` comes from an address, which has no revisions: leave out --rev");
        var before = import.Md5;
        var local = AddressContent.LocalPath(import.SourcePath, Path.GetDirectoryName(import.File)!);
        var isCurrent = project.Workspace.DigestOf(import.Target)?.Md5 == before && before is not null
            && (local is null ? (await AddressContent.StatAsync(context, import.SourcePath, ct)).ETag == import.SourceMark : project.Workspace.DigestOf(local)?.Md5 == before);
        if (isCurrent)
            return false;
        await ImportUrlVerb.TakeAsync(context, project, import, import.SourcePath, local, ct);
        import.Write();
        return import.Md5 != before;
    }
}
