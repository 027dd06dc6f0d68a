namespace Ci.Training.Trees;

/// <summary>A leaf while its tree grows: a run of the row index, its sums, and the best way to part it.</summary>
internal sealed class GrowingLeaf(int node, int start, int count, int depth, long packed, long hessian)
{
    public int Node { get; } = node;

    public int Start { get; } = start;

    public int Count { get; } = count;

    public int Depth { get; } = depth;

    public long Packed { get; } = packed;

    public long Hessian { get; } = hessian;

    public Histogram? Histogram { get; set; }

    public Split Best { get; set; } = Split.None;
}
