using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

/// <summary>Data of imports is kept by the repository that it came from, not by this project's remote.</summary>
internal static class ImportedData
{
    /// <summary>Which of the outputs are imports of other repositories, with their files.</summary>
    public static IReadOnlyList<(TrackedOutput Output, ImportFile Import)> Of(Pipeline pipeline, IEnumerable<TrackedOutput> outputs)
    {
        var pointers = pipeline.Pointers.ToDictionary(p => p.Target, p => p.File, StringComparer.Ordinal);
        return [.. outputs.Where(o => pointers.ContainsKey(o.Path)).Select(o => (o, ImportFile.Read(pointers[o.Path], pipeline.Project.Shown(pointers[o.Path])))).Where(o => o.Item2?.Url is not null).Select(o => (o.o, o.Item2!))];
    }

    /// <summary>The outputs that this project's own remotes keep.</summary>
    public static IReadOnlyList<TrackedOutput> Own(Pipeline pipeline, IReadOnlyList<TrackedOutput> outputs)
    {
        var imports = Of(pipeline, outputs).Select(i => i.Output).ToHashSet();
        return [.. outputs.Where(o => !imports.Contains(o))];
    }

    /// <summary>Fetches what imports lack in the cache from where they came, at the commit that they are of.</summary>
    /// <returns>How many objects came, and the outputs that are this project's own.</returns>
    /// <exception cref="DataException">What came is not what the import recorded.</exception>
    public static async Task<(int Fetched, IReadOnlyList<TrackedOutput> Own)> FetchAsync(CliContext context, Pipeline pipeline, IReadOnlyList<TrackedOutput> outputs, CancellationToken ct)
    {
        var imports = Of(pipeline, outputs);
        var fetched = 0;
        foreach (var (output, import) in imports.Where(i => !pipeline.Project.Cache.HasAll(i.Output.Digest.Md5)))
        {
            var options = UpstreamVerbs.Options(context, import.Remote) with { Folder = pipeline.Project.Root };
            using var upstream = await UpstreamRepository.OpenAsync(import.Url!, import.LockedRevision ?? import.Revision, pipeline.Project, options, ct);
            var item = await upstream.FindAsync(import.SourcePath, ct);
            fetched += await upstream.FetchAsync(item, ct);
            if (item.Tracked is null)
            {
                await KeepAsync(context, pipeline.Project, (made, inner) =>
                {
                    UpstreamVerbs.Place(upstream, item, made, inner);
                    return Task.CompletedTask;
                });
                fetched += item.Files.Count;
            }

            if (!pipeline.Project.Cache.HasAll(output.Digest.Md5))
                throw new CorruptDataException($"`{pipeline.Project.Shown(output.Path)}`: {import.SourceShown} at {upstream.Commit[..7]} is not what the import recorded; `mlops update {pipeline.Project.Shown(import.File)}` takes what is there");
        }

        return (fetched, Own(pipeline, outputs));
    }

    /// <summary>Takes files into the cache that lie nowhere in the workspace, by way of a folder of their own.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="project">Its cache takes them.</param>
    /// <param name="make">Writes a file or folder at a path; what it needs besides goes into the folder.</param>
    public static async Task<Digest> KeepAsync(CliContext context, Project project, Func<string, string, Task> make)
    {
        using var scratch = ScratchProject.Beside(Path.Combine(project.Root, ".dvc", "tmp", "import"), context);
        var made = Path.Combine(scratch.Project.Root, "import");
        using (var inner = ScratchProject.Beside(Path.Combine(scratch.Project.Root, "x"), context))
            await make(made, inner.Project.Root);
        // Below .dvc nothing is seen: the scratch folder is a project whose cache is this one's.
        File.WriteAllText(Path.Combine(scratch.Project.Root, ".dvc", "config"), $"[cache]\n    dir = {project.Cache.Folder}\n");
        return Project.Open(scratch.Project.Root, context.Time, context.Environment).Workspace.Save(made);
    }
}
