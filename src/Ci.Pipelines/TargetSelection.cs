using Ci.Data;

namespace Ci.Pipelines;

/// <summary>What targets mean for the verbs that look at stages and pointers alike (<c>status</c>, <c>commit</c>), as DVC collects them.</summary>
internal static class TargetSelection
{
    /// <summary>Stages and pointers; a path where the target was an output or something inside one.</summary>
    /// <exception cref="PipelineException">A target means nothing.</exception>
    public static IEnumerable<(Stage? Stage, PointerFile? Pointer, string? Path)> Of(Pipeline pipeline, IReadOnlyList<Target> targets, bool recursive, bool withNeeds)
    {
        if (targets.Count == 0)
            return pipeline.AsWritten.Select(s => ((Stage?)s, (PointerFile?)null, (string?)null)).Concat(pipeline.Pointers.Select(p => ((Stage?)null, (PointerFile?)p, (string?)null)));
        return targets.SelectMany(target => Of(pipeline, target, recursive, withNeeds)).DistinctBy(t => (t.Stage, t.Pointer));
    }

    private static IEnumerable<(Stage? Stage, PointerFile? Pointer, string? Path)> Of(Pipeline pipeline, Target target, bool recursive, bool withNeeds)
    {
        var path = target.FullPath;
        if (recursive && Directory.Exists(path))
        {
            return pipeline.AsWritten.Where(s => IsIn(s.Folder, path)).Select(s => ((Stage?)s, (PointerFile?)null, (string?)null))
                .Concat(pipeline.Pointers.Where(p => IsIn(p.File, path)).Select(p => ((Stage?)null, (PointerFile?)p, (string?)null)));
        }

        var pointers = pipeline.Pointers.Where(p => p.File == path).ToList();
        if (pointers.Count == 0)
            pointers = [.. pipeline.Pointers.Where(p => IsIn(path, p.Target))];
        if (pointers.Count > 0)
            return pointers.Select(p => ((Stage?)null, (PointerFile?)p, (string?)null));
        var named = Named(pipeline, target);
        if (withNeeds && named.Path is null)
            return StageGraph.WithNeeds(pipeline.Stages, named.Stages.ToHashSet()).Reverse().Select(s => ((Stage?)s, (PointerFile?)null, (string?)null)).Concat(NeededPointers(pipeline, named.Stages));
        return named.Stages.Select(s => ((Stage?)s, (PointerFile?)null, named.Path));
    }

    private static (IReadOnlyList<Stage> Stages, string? Path) Named(Pipeline pipeline, Target target)
    {
        var path = target.FullPath;
        if (pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => IsIn(path, o.FullPath))) is { } maker && !pipeline.Stages.Any(s => s.Address == target.Text))
            return ([maker], maker.Outputs.First(o => IsIn(path, o.FullPath)).FullPath);
        return (pipeline.Select([target.Text], target.Folder, alone: true), null);
    }

    private static IEnumerable<(Stage? Stage, PointerFile? Pointer, string? Path)> NeededPointers(Pipeline pipeline, IReadOnlyList<Stage> stages)
    {
        var needs = StageGraph.WithNeeds(pipeline.Stages, stages.ToHashSet()).SelectMany(s => s.Dependencies).Select(d => d.FullPath).ToList();
        return pipeline.Pointers.Where(p => needs.Any(n => IsIn(n, p.Target) || IsIn(p.Target, n))).Select(p => ((Stage?)null, (PointerFile?)p, (string?)null));
    }

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
