using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>Stages and tracked data of a pipeline as one graph, numbered: stages in their order, then the data that people track.</summary>
public sealed class PipelineGraph
{
    private readonly Pipeline pipeline;
    private readonly List<int>[] needs;
    private readonly Lazy<List<int>[]> dependents;

    private PipelineGraph(Pipeline pipeline, bool frozenNeedNothing)
    {
        this.pipeline = pipeline;
        this.Count = pipeline.Stages.Count + pipeline.Pointers.Count;
        var makers = new OutputIndex();
        for (var i = 0; i < pipeline.Stages.Count; i++)
            makers.Add(pipeline.Stages[i], i);
        for (var i = 0; i < pipeline.Pointers.Count; i++)
            makers.Add(pipeline.Pointers[i].Target, pipeline.Stages.Count + i);
        this.needs = new List<int>[this.Count];
        for (var i = 0; i < this.Count; i++)
        {
            this.needs[i] = [];
            if (this.StageAt(i) is { } stage && !(frozenNeedNothing && stage.Frozen))
                makers.AddMakers(stage, this.needs[i]);
        }

        this.dependents = new(this.Reversed);
    }

    public int Count { get; }

    /// <summary>What each needs directly, in the order of its dependencies.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Needs => this.needs;

    /// <summary>What needs each directly.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Dependents => this.dependents.Value;

    /// <summary>Builds it.</summary>
    /// <param name="pipeline">Known to have no circle.</param>
    /// <param name="frozenNeedNothing">Frozen stages are cut off from what they depend on, as when they are run.</param>
    public static PipelineGraph Of(Pipeline pipeline, bool frozenNeedNothing = false)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new PipelineGraph(pipeline, frozenNeedNothing);
    }

    /// <summary>Null for tracked data.</summary>
    public Stage? StageAt(int index) => index < this.pipeline.Stages.Count ? this.pipeline.Stages[index] : null;

    /// <summary>Null for a stage.</summary>
    public PointerFile? PointerAt(int index) => index < this.pipeline.Stages.Count ? null : this.pipeline.Pointers[index - this.pipeline.Stages.Count];

    /// <summary>The stage's address, or the pointer's path.</summary>
    public string NameOf(int index) => this.StageAt(index)?.Address ?? this.pipeline.Project.Shown(this.PointerAt(index)!.File);

    /// <summary>The numbers of what a target names.</summary>
    /// <param name="target">A stage, an output, a pointer, its data, or a <c>dvc.yaml</c>.</param>
    /// <param name="folder">In which it was written.</param>
    /// <exception cref="PipelineException">It names nothing.</exception>
    public IReadOnlyList<int> Find(string target, string folder) => ReproPlan.Find(this.pipeline, this, target, folder, recursive: false, glob: false);

    /// <summary>The given ones and all that they need; or all that is connected with them.</summary>
    public IReadOnlyCollection<int> Connected(IReadOnlyCollection<int> named, bool full) => Topology.Reach(named, i => full ? [.. this.needs[i], .. this.Dependents[i]] : this.needs[i]);

    /// <summary>The given ones, needs first.</summary>
    public IReadOnlyList<int> InOrder(IReadOnlyCollection<int> chosen)
    {
        var set = chosen as HashSet<int> ?? [.. chosen];
        return Topology.Order(Enumerable.Range(0, this.Count).Where(set.Contains), this.needs, set.Contains, _ => throw new InvalidOperationException("a loaded pipeline has no circle"));
    }

    private List<int>[] Reversed()
    {
        var reversed = new List<int>[this.Count];
        for (var i = 0; i < this.Count; i++)
            reversed[i] = [];
        for (var i = 0; i < this.Count; i++)
        {
            foreach (var need in this.needs[i])
                reversed[need].Add(i);
        }

        return reversed;
    }
}
