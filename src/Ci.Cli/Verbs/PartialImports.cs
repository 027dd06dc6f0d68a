using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Selection;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

/// <summary>
/// Imports that were described and never brought (<c>--no-download</c>, <c>--no-exec</c>): their files say where from, and no digest. As with
/// DVC, <c>fetch</c> and <c>pull</c> bring them and leave their <c>.dvc</c> files alone.
/// </summary>
internal static class PartialImports
{
    /// <summary>Those that are meant.</summary>
    public static IReadOnlyList<PointerFile> Of(Pipeline pipeline, OutputRequest request)
    {
        var all = pipeline.Pointers.Where(p => p is { Digest: null, Cache: true, Sources.Count: 1 });
        if (request.Targets.Count == 0)
            return [.. all];
        return [.. all.Where(p => request.Targets.Any(target => Means(request, target, p)))];
    }

    /// <summary>Brings one's data into the cache.</summary>
    /// <returns>How many files came, and what the data is.</returns>
    /// <exception cref="CorruptDataException">What lies there now is not what was described.</exception>
    public static async Task<(int Fetched, TrackedOutput Output)> FetchAsync(CliContext context, Pipeline pipeline, PointerFile pointer, CancellationToken ct)
    {
        var project = pipeline.Project;
        var import = ImportFile.Read(pointer.File, project.Shown(pointer.File))!;
        if (import.HasOwnSettings)
            throw new CliException($"`{project.Shown(import.File)}` lays settings of its own over the other repository's (`config`); they are not known here");
        var (fetched, digest) = import.Url is null ? await OfAddressAsync(context, project, import, ct) : await OfRepositoryAsync(context, project, import, ct);
        return (fetched, new TrackedOutput(pointer.Target, digest));
    }

    private static bool Means(OutputRequest request, string target, PointerFile pointer)
    {
        if (request.Glob && ShellPattern.IsOne(target))
            return OutputSelection.Fits(request, target, pointer.File) || OutputSelection.Fits(request, target, pointer.Target);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, request.Folder));
        return path == pointer.File || path == pointer.Target || (request.Recursive && pointer.Target.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    private static async Task<(int Fetched, Digest Digest)> OfRepositoryAsync(CliContext context, Project project, ImportFile import, CancellationToken ct)
    {
        var options = UpstreamVerbs.Options(context, import.Remote) with { Folder = project.Root };
        using var upstream = await UpstreamRepository.OpenAsync(import.Url!, import.LockedRevision ?? import.Revision, project, options, ct);
        var item = await upstream.FindAsync(import.SourcePath, ct);
        var fetched = await upstream.FetchAsync(item, ct);
        if (item.Tracked is { } digest)
            return (fetched, digest);
        var kept = await ImportedData.KeepAsync(context, project, (made, scratch) =>
        {
            UpstreamVerbs.Place(upstream, item, made, scratch);
            return Task.CompletedTask;
        });
        return (fetched + item.Files.Count(f => f.Md5 is null), kept);
    }

    private static async Task<(int Fetched, Digest Digest)> OfAddressAsync(CliContext context, Project project, ImportFile import, CancellationToken ct)
    {
        var address = import.SourcePath;
        var local = AddressContent.LocalPath(address, Path.GetDirectoryName(import.File)!);
        var mark = local is null ? (await AddressContent.StatAsync(context, address, ct)).ETag : null;
        var digest = await ImportedData.KeepAsync(context, project, (made, _) => AddressContent.CopyAsync(context, address, local, made, ct));
        if (import.SourceMark is { } then && then != (mark ?? digest.Md5))
            throw new CorruptDataException($"`{project.Shown(import.Target)}`: what lies at {address} is not what the import described any more; `mlops update {project.Shown(import.File)}` takes what is there");
        return (digest.FileCount ?? 1, digest);
    }
}
