namespace Ci.Pipelines.Scheduling;

/// <summary>A graph for people: names, needs before what needs them.</summary>
/// <param name="Names">Each once.</param>
/// <param name="Needs">The numbers of what each needs directly.</param>
public sealed record NamedGraph(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<int>> Needs)
{
    /// <summary>From what is needed to what needs it.</summary>
    public IEnumerable<(string From, string To)> Edges => this.Names.SelectMany((name, i) => this.Needs[i].Select(need => (this.Names[need], name)));

    /// <summary>Stages and pointers.</summary>
    /// <param name="graph">Whose.</param>
    /// <param name="order">The numbers of those that are wanted, needs first.</param>
    /// <param name="collapse">Stages of one <c>foreach</c> or <c>matrix</c> become one node.</param>
    public static NamedGraph OfStages(PipelineGraph graph, IReadOnlyList<int> order, bool collapse)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(order);
        string NameOf(int i) => collapse && graph.NameOf(i) is var name && graph.StageAt(i) is { } stage && stage.Name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            ? name[..(name.Length - stage.Name.Length + at)] : graph.NameOf(i);
        var wanted = order.ToHashSet();
        return Of(order.Select(NameOf), order.SelectMany(i => graph.Needs[i].Where(wanted.Contains).Select(need => (NameOf(need), NameOf(i)))));
    }

    /// <summary>Outputs and tracked data, by path.</summary>
    /// <param name="pipeline">Whose.</param>
    /// <param name="graph">Of it.</param>
    /// <param name="order">The numbers of the stages that are wanted, needs first.</param>
    /// <param name="folder">To which paths are relative.</param>
    public static NamedGraph OfOutputs(Pipeline pipeline, PipelineGraph graph, IReadOnlyList<int> order, string folder)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(order);
        string Shown(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        IEnumerable<string> PathsOf(int i) => graph.StageAt(i)?.Outputs.Select(o => o.FullPath) ?? [graph.PointerAt(i)!.Target];
        var wanted = order.SelectMany(PathsOf).ToHashSet(StringComparer.Ordinal);
        var edges = order.SelectMany(i => graph.StageAt(i) is { } stage
            ? from read in StageGraph.Reads(stage)
              from made in graph.Needs[i].SelectMany(PathsOf)
              where wanted.Contains(made) && (made == read || IsBelow(made, read) || IsBelow(read, made))
              from output in stage.Outputs
              select (Shown(made), Shown(output.FullPath))
            : []);
        return Of(order.SelectMany(PathsOf).Select(Shown), edges);
    }

    // Nodes that were several may be in a circle when they are one; whoever draws needs an order.
    private static NamedGraph Of(IEnumerable<string> names, IEnumerable<(string From, string To)> edges)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        var places = all.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i, StringComparer.Ordinal);
        var needs = all.Select(_ => new List<int>()).ToArray();
        foreach (var (from, to) in edges)
        {
            if (from != to && places[from] is var need && !needs[places[to]].Contains(need))
                needs[places[to]].Add(need);
        }

        var order = Topology.Order(Enumerable.Range(0, all.Count), needs, null, circle => throw new PipelineException(
            $"taken together, the stages need each other in a circle: {string.Join(" → ", circle.Select(i => all[i]))}; show them without collapsing"));
        var place = new int[all.Count];
        for (var i = 0; i < order.Count; i++)
            place[order[i]] = i;
        return new NamedGraph([.. order.Select(i => all[i])], [.. order.Select(i => (IReadOnlyList<int>)[.. needs[i].Select(n => place[n])])]);
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
