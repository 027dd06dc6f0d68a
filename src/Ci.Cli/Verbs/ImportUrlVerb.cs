using System.CommandLine;
using Ci.Data;

namespace Ci.Cli.Verbs;

internal static class ImportUrlVerb
{
    public const string Summary = "Get a file from an address (https, a store, a path outside) and track it, with where it came from.";

    public static Command Create(CliContext context)
    {
        var url = new Argument<string>("url") { Description = "https://host/path/file, s3://bucket/path/file, a path." };
        var place = new Argument<string?>("out") { Arity = ArgumentArity.ZeroOrOne, Description = "Where to put it; its own name here if absent." };
        var output = UpstreamVerbs.Out();
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there already." };
        var noExec = new Option<bool>("--no-exec") { Description = "Only write the .dvc file; nothing is asked for." };
        var noDownload = new Option<bool>("--no-download") { Description = "Only write the .dvc file, with what the address says of its content; `mlops pull` gets the data." };
        return new Command("import-url", Summary) { url, place, output, force, noExec, noDownload, UpstreamVerbs.Jobs() }.Does(context, async (parsed, ct) =>
        {
            if (parsed.GetValue(noExec) && parsed.GetValue(noDownload))
                throw new CliException("--no-exec and --no-download do not go together: the first asks nothing, the second asks what lies there", ExitCode.Usage);
            var pipeline = DataVerbs.Load(context);
            var project = pipeline.Project;
            var address = parsed.GetValue(url)!;
            var local = AddressContent.LocalPath(address, context.WorkingDirectory);
            var target = UpstreamVerbs.Target(context, address, parsed.GetValue(place) ?? parsed.GetValue(output));
            if (local == target)
                throw new CliException($"`{address}` is where it would be put; `mlops add {address}` tracks it");
            ImportVerb.Refuse(context, pipeline, target, parsed.GetValue(force));
            var import = ImportFile.OfAddress(target + ".dvc", target, Recorded(project, address, local, target));
            var ignore = GitIgnoreFile.Add(project, target);
            if (!parsed.GetValue(noExec))
            {
                ImportVerb.Tell(context, parsed, import, project);
                if (parsed.GetValue(noDownload))
                    await DescribeAsync(context, project, import, address, local, ct);
                else
                    await TakeAsync(context, project, import, address, local, ct);
            }

            import.Write();
            project.SaveState();
            await ImportVerb.DoneAsync(context, parsed, project, import, ignore, ct);
            return ExitCode.Ok;
        });
    }

    /// <summary>Brings what lies at the address into workspace and cache, and records both.</summary>
    public static async Task TakeAsync(CliContext context, Project project, ImportFile import, string address, string? local, CancellationToken ct)
    {
        // Asked before the bytes: should they change in between, the next update sees it.
        var mark = local is null ? await AddressContent.StatAsync(context, address, ct) : null;
        using (var scratch = ScratchProject.Beside(import.Target, context))
        {
            var made = Path.Combine(scratch.Project.Root, "made");
            await AddressContent.CopyAsync(context, address, local, made, ct);
            var isFolder = Directory.Exists(made);
            if (Directory.Exists(import.Target))
                Directory.Move(import.Target, Path.Combine(scratch.Project.Root, "old"));
            else if (isFolder)
                File.Delete(import.Target);
            if (isFolder)
                Directory.Move(made, import.Target);
            else
                File.Move(made, import.Target, overwrite: true);
        }

        var digest = project.Workspace.Save(import.Target);
        import.TakeSource(local is null ? null : digest, mark?.ETag, mark?.Length ?? 0);
        import.Take(digest);
    }

    private static async Task DescribeAsync(CliContext context, Project project, ImportFile import, string address, string? local, CancellationToken ct)
    {
        if (local is not null)
            import.TakeSource(project.Workspace.DigestOf(local) ?? throw AddressContent.Nothing(address), null, 0);
        else if (await AddressContent.StatAsync(context, address, ct) is var mark)
            import.TakeSource(null, mark.ETag, mark.Length);
    }

    // What lies in the project is named as it leads there from the .dvc file, so that a clone elsewhere finds it, too.
    private static string Recorded(Project project, string address, string? local, string target) =>
        local is null || Path.IsPathRooted(address) && !project.Contains(local) || address.Contains("://", StringComparison.Ordinal)
            ? address
            : Path.GetRelativePath(Path.GetDirectoryName(target)!, local).Replace(Path.DirectorySeparatorChar, '/');
}
