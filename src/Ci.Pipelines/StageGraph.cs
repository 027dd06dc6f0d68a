using Ci.Data;
using Ci.Pipelines.Scheduling;

namespace Ci.Pipelines;

/// <summary>Who makes what, who needs whom.</summary>
internal static class StageGraph
{
    /// <summary>Orders stages so that needs come first.</summary>
    /// <exception cref="PipelineException">A cycle; two makers of one output; an output inside another.</exception>
    public static IReadOnlyList<Stage> Order(Project project, IReadOnlyList<Stage> stages, IReadOnlyList<PointerFile> pointers)
    {
        CheckMakers(project, stages, pointers);
        var order = Topology.Order(Enumerable.Range(0, stages.Count), Needs(stages), null, circle => throw new PipelineException(
            $"the stages need each other in a circle: {string.Join(" → ", circle.Select(i => stages[i].Address))}; remove one of these dependencies"));
        return [.. order.Select(i => stages[i])];
    }

    /// <summary>The stages and all that they need, in the given order.</summary>
    public static IReadOnlyList<Stage> WithNeeds(IReadOnlyList<Stage> ordered, IReadOnlySet<Stage> named)
    {
        var needs = Needs(ordered);
        var wanted = Topology.Reach(Enumerable.Range(0, ordered.Count).Where(i => named.Contains(ordered[i])), i => needs[i]);
        return [.. ordered.Where((_, i) => wanted.Contains(i))];
    }

    /// <summary>Every path that a stage reads.</summary>
    public static IEnumerable<string> Reads(Stage stage) => stage.Dependencies.Select(d => d.FullPath).Concat(stage.Parameters.Select(p => p.FullPath));

    private static List<int>[] Needs(IReadOnlyList<Stage> stages)
    {
        var makers = new OutputIndex();
        for (var i = 0; i < stages.Count; i++)
            makers.Add(stages[i], i);
        var needs = new List<int>[stages.Count];
        for (var i = 0; i < needs.Length; i++)
            makers.AddMakers(stages[i], needs[i] = []);
        return needs;
    }

    private static void CheckMakers(Project project, IReadOnlyList<Stage> stages, IReadOnlyList<PointerFile> pointers)
    {
        var makers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pointer in pointers)
            Add(pointer.Target, project.Shown(pointer.File));
        foreach (var stage in stages)
        {
            foreach (var output in stage.Outputs)
                Add(output.FullPath, stage.Address);
        }

        foreach (var (path, maker) in makers)
        {
            for (var at = Path.GetDirectoryName(path); !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
            {
                if (makers.TryGetValue(at, out var outer))
                    throw new PipelineException($"output `{project.Shown(path)}` of `{maker}` lies inside output `{project.Shown(at)}` of `{outer}`; keep them apart");
            }
        }

        void Add(string path, string maker)
        {
            if (!makers.TryAdd(path, maker))
                throw new PipelineException($"output `{project.Shown(path)}` is made by both `{makers[path]}` and `{maker}`; one of them must go");
        }
    }
}
