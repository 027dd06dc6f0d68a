using Ci.Data;

namespace Ci.Pipelines;

/// <summary>Who makes what, who needs whom.</summary>
internal static class StageGraph
{
    /// <summary>Orders stages so that needs come first.</summary>
    /// <exception cref="PipelineException">A cycle; two makers of one output; an output inside another.</exception>
    public static IReadOnlyList<Stage> Order(Project project, IReadOnlyList<Stage> stages, IReadOnlyList<PointerFile> pointers)
    {
        CheckMakers(project, stages, pointers);
        var needs = Needs(stages);
        var done = new HashSet<Stage>();
        var order = new List<Stage>(stages.Count);
        foreach (var stage in stages)
            Visit(stage, needs, done, order, []);
        return order;
    }

    /// <summary>The stages and all that they need, in the given order.</summary>
    public static IReadOnlyList<Stage> WithNeeds(IReadOnlyList<Stage> ordered, IReadOnlySet<Stage> named)
    {
        var needs = Needs(ordered);
        var wanted = new HashSet<Stage>(named);
        foreach (var stage in ordered.Reverse().Where(wanted.Contains))
            wanted.UnionWith(needs[stage]);
        return [.. ordered.Where(wanted.Contains)];
    }

    private static Dictionary<Stage, List<Stage>> Needs(IReadOnlyList<Stage> stages)
    {
        var makers = stages.SelectMany(s => s.Outputs.Select(o => (o.FullPath, Stage: s))).ToDictionary(m => m.FullPath, m => m.Stage, StringComparer.Ordinal);
        var paths = makers.Keys.Order(StringComparer.Ordinal).ToList();
        return stages.ToDictionary(stage => stage, stage => stage.Dependencies.Select(d => d.FullPath).Concat(stage.Parameters.Select(p => p.FullPath))
            .SelectMany(path => Makers(path, makers, paths)).Distinct().ToList());
    }

    // The maker of the path itself, of a folder that holds it, or of something inside it.
    private static IEnumerable<Stage> Makers(string path, Dictionary<string, Stage> makers, List<string> paths)
    {
        for (var at = path; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
        {
            if (makers.TryGetValue(at, out var maker))
                yield return maker;
        }

        var inside = path + Path.DirectorySeparatorChar;
        var first = paths.BinarySearch(inside, StringComparer.Ordinal);
        for (var i = first < 0 ? ~first : first; i < paths.Count && paths[i].StartsWith(inside, StringComparison.Ordinal); i++)
            yield return makers[paths[i]];
    }

    private static void Visit(Stage stage, Dictionary<Stage, List<Stage>> needs, HashSet<Stage> done, List<Stage> order, List<Stage> path)
    {
        if (done.Contains(stage))
            return;
        if (path.Contains(stage))
        {
            var circle = path.SkipWhile(s => s != stage).Append(stage).Reverse().Select(s => s.Address);
            throw new PipelineException($"the stages need each other in a circle: {string.Join(" → ", circle)}; remove one of these dependencies");
        }

        path.Add(stage);
        foreach (var need in needs[stage])
            Visit(need, needs, done, order, path);
        path.RemoveAt(path.Count - 1);
        done.Add(stage);
        order.Add(stage);
    }

    private static void CheckMakers(Project project, IReadOnlyList<Stage> stages, IReadOnlyList<PointerFile> pointers)
    {
        var makers = new Dictionary<string, string>(StringComparer.Ordinal);
        var all = pointers.Select(p => (Path: p.Target, Maker: project.Shown(p.File))).Concat(stages.SelectMany(s => s.Outputs.Select(o => (Path: o.FullPath, Maker: s.Address))));
        foreach (var (path, maker) in all)
        {
            if (!makers.TryAdd(path, maker))
                throw new PipelineException($"output `{project.Shown(path)}` is made by both `{makers[path]}` and `{maker}`; one of them must go");
        }

        foreach (var (path, maker) in makers)
        {
            for (var at = Path.GetDirectoryName(path); !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
            {
                if (makers.TryGetValue(at, out var outer))
                    throw new PipelineException($"output `{project.Shown(path)}` of `{maker}` lies inside output `{project.Shown(at)}` of `{outer}`; keep them apart");
            }
        }
    }
}
