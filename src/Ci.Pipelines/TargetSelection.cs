using Ci.Data;

namespace Ci.Pipelines;

/// <summary>What targets mean for the verbs that look at stages and pointers alike (<c>status</c>, <c>commit</c>), as DVC collects them.</summary>
internal static class TargetSelection
{
    /// <summary>Stages and pointers; a path where the target was an output or something inside one.</summary>
    /// <exception cref="PipelineException">A target means nothing.</exception>
    public static IEnumerable<Selected> Of(Pipeline pipeline, IReadOnlyList<Target> targets, bool recursive, bool withNeeds)
    {
        if (targets.Count == 0)
            return pipeline.AsWritten.Select(Selected.Of).Concat(pipeline.Pointers.Select(Selected.Of));
        return targets.SelectMany(target => Of(pipeline, target, recursive, withNeeds)).DistinctBy(t => (object?)t.Stage ?? t.Pointer, ReferenceEqualityComparer.Instance);
    }

    private static IEnumerable<Selected> Of(Pipeline pipeline, Target target, bool recursive, bool withNeeds)
    {
        var path = target.FullPath;
        if (recursive && Directory.Exists(path))
        {
            return pipeline.AsWritten.Where(s => IsIn(s.Folder, path)).Select(Selected.Of)
                .Concat(pipeline.Pointers.Where(p => IsIn(p.File, path)).Select(Selected.Of));
        }

        var pointers = pipeline.Pointers.Where(p => p.File == path).ToList();
        if (pointers.Count == 0)
            pointers = [.. pipeline.Pointers.Where(p => IsIn(path, p.Target))];
        if (pointers.Count > 0)
            return pointers.Select(Selected.Of);
        var named = Named(pipeline, target);
        if (withNeeds && named.Path is null)
            return StageGraph.WithNeeds(pipeline.Stages, named.Stages.ToHashSet()).Reverse().Select(Selected.Of).Concat(NeededPointers(pipeline, named.Stages));
        return named.Stages.Select(s => new Selected(s, null, named.Path));
    }

    private static (IReadOnlyList<Stage> Stages, string? Path) Named(Pipeline pipeline, Target target)
    {
        var path = target.FullPath;
        if (pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => IsIn(path, o.FullPath))) is { } maker && !pipeline.Stages.Any(s => s.Address == target.Text))
            return ([maker], maker.Outputs.First(o => IsIn(path, o.FullPath)).FullPath);
        return (pipeline.Select([target.Text], target.Folder, alone: true), null);
    }

    private static IEnumerable<Selected> NeededPointers(Pipeline pipeline, IReadOnlyList<Stage> stages)
    {
        var needs = StageGraph.WithNeeds(pipeline.Stages, stages.ToHashSet()).SelectMany(s => s.Dependencies).Select(d => d.FullPath).ToList();
        return pipeline.Pointers.Where(p => needs.Any(n => IsIn(n, p.Target) || IsIn(p.Target, n))).Select(Selected.Of);
    }

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
