using Ci.Data;
using Ci.Pipelines.Scheduling;

namespace Ci.Pipelines;

/// <summary>Which stages a run visits, and in which order: DVC's.</summary>
internal static class ReproPlan
{
    public static IReadOnlyList<PlanStep> Of(Pipeline pipeline, ReproOptions options)
    {
        var graph = PipelineGraph.Of(pipeline, frozenNeedNothing: true);
        var named = options.Targets.Count == 0 ? null : options.Targets.SelectMany(t => Find(pipeline, graph, t, options.Folder, options.Recursive, options.Glob)).Distinct().ToList();
        if (options.SingleItem)
            return Steps(graph, named ?? [.. Enumerable.Range(0, graph.Count)], inARow: true);
        var chosen = named is null ? null : Chosen(graph, named, options);
        var order = graph.InOrder(chosen ?? [.. Enumerable.Range(0, graph.Count)]);
        return Steps(graph, order, inARow: false);
    }

    /// <summary>The numbers in the graph of what a target names.</summary>
    public static IReadOnlyList<int> Find(Pipeline pipeline, PipelineGraph graph, string target, string folder, bool recursive, bool glob)
    {
        var all = Enumerable.Range(0, graph.Count);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, folder));
        if (Path.GetFileName(path) == PipelineFile.Name && File.Exists(path))
            return [.. all.Where(i => graph.StageAt(i)?.Folder == Path.GetDirectoryName(path))];
        if (recursive && Directory.Exists(path))
            return [.. all.Where(i => IsBelow(graph.StageAt(i)?.Folder ?? Path.GetDirectoryName(graph.PointerAt(i)!.File)!, path))];
        if (all.Where(i => graph.PointerAt(i) is { } p && (p.File == path || p.Target == path)).ToList() is { Count: > 0 } pointers)
            return pointers;
        if (glob && ShellPattern.IsOne(target))
            return Matching(pipeline, graph, target, folder);
        var stages = pipeline.Select([target], folder, alone: true).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. all.Where(i => graph.StageAt(i) is { } stage && stages.Contains(stage))];
    }

    private static HashSet<int> Chosen(PipelineGraph graph, List<int> named, ReproOptions options)
    {
        if (options.Downstream && !options.WholePipeline)
            return Topology.Reach(named, i => graph.Dependents[i]);
        return [.. graph.Connected(named, options.WholePipeline)];
    }

    private static List<PlanStep> Steps(PipelineGraph graph, IReadOnlyList<int> order, bool inARow)
    {
        var places = new int[graph.Count];
        Array.Fill(places, -1);
        for (var i = 0; i < order.Count; i++)
            places[order[i]] = i;
        var steps = new List<PlanStep>(order.Count);
        for (var i = 0; i < order.Count; i++)
        {
            // Named one by one, they run one by one, as written.
            List<int> needs = inARow && i > 0 ? [i - 1] : [];
            foreach (var need in graph.Needs[order[i]])
            {
                if (!inARow && places[need] >= 0)
                    needs.Add(places[need]);
            }

            steps.Add(new PlanStep(i, graph.NameOf(order[i]), graph.StageAt(order[i]), graph.PointerAt(order[i]), needs));
        }

        for (var i = steps.Count - 1; i >= 0; i--)
        {
            foreach (var need in steps[i].Needs)
            {
                steps[need].Dependents.Add(i);
                steps[need].Length = Math.Max(steps[need].Length, steps[i].Length + 1);
            }
        }

        return steps;
    }

    private static List<int> Matching(Pipeline pipeline, PipelineGraph graph, string target, string folder)
    {
        var colon = target.LastIndexOf($"{PipelineFile.Name}:", StringComparison.Ordinal);
        var home = colon < 0 ? folder : Path.TrimEndingDirectorySeparator(Path.GetFullPath(target[..colon] + ".", folder));
        var pattern = new ShellPattern(colon < 0 ? target : target[(colon + PipelineFile.Name.Length + 1)..], ShellPatternRules.Name);
        var found = Enumerable.Range(0, graph.Count).Where(i => graph.StageAt(i) is { } stage && stage.Folder == home && pattern.Matches(stage.Name)).ToList();
        return found.Count > 0
            ? found
            : throw new PipelineException($"no stage matches `{target}`; stages: {string.Join(", ", pipeline.Stages.Take(20).Select(s => s.Address))}");
    }

    private static bool IsBelow(string path, string folder) => path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
