using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ci.Training.Trees;

/// <summary>
/// Grows one tree leaf by leaf, the leaf with the largest gain first. Each leaf's rows are one contiguous run of <see cref="rows"/>; the
/// histogram of the smaller child is counted, the larger's is the parent's minus it.
/// </summary>
internal sealed class TreeGrower(BinnedMatrix matrix, BoostedTreesSettings settings, FixedPoint fixedPoint, TrainingContext context)
{
    // Below this many word-visits waking a second thread costs more than it brings.
    private const int ParallelWork = 6000;

    private readonly Stack<Histogram> pool = new();
    private readonly int[] spare = new int[matrix.Rows];
    private readonly long[] orderedPacked = new long[matrix.Rows];
    private readonly long[] orderedHessians = fixedPoint.Hessians is null ? [] : new long[matrix.Rows];
    private readonly Split[] blockBest = new Split[matrix.Blocks];
    private readonly Split[] otherBest = new Split[matrix.Blocks];
    private int[] rows = [];
    private bool[] allowed = [];

    /// <summary>After <see cref="Grow"/>: the leaves, each with its run of <see cref="RowsOf"/>.</summary>
    public List<GrowingLeaf> Leaves { get; } = [];

    public ReadOnlySpan<int> RowsOf(GrowingLeaf leaf) => this.rows.AsSpan(leaf.Start, leaf.Count);

    /// <summary>Grows a tree from the rows of a sample (ascending), cutting only features that are allowed.</summary>
    /// <param name="sample">Row numbers.</param>
    /// <param name="allowedFeatures">One flag per feature.</param>
    public Tree Grow(ReadOnlySpan<int> sample, bool[] allowedFeatures)
    {
        this.allowed = allowedFeatures;
        this.rows = sample.ToArray();
        this.Leaves.Clear();
        var tree = new Tree();
        tree.Nodes.Add(new Tree.Node());
        long packed = 0, hessian = 0;
        foreach (var row in this.rows)
        {
            packed += fixedPoint.Packed[row];
            hessian += fixedPoint.Hessians?[row] ?? 0;
        }

        var root = new GrowingLeaf(0, 0, this.rows.Length, 0, packed, hessian);
        this.Leaves.Add(root);
        if (this.MaySplit(root))
            this.Search(root, null);
        while (this.Leaves.Count < settings.MaxLeaves && this.NextLeaf() is { } leaf)
            this.Part(tree, leaf);
        foreach (var leaf in this.Leaves)
            this.Release(leaf);
        return tree;
    }

    private GrowingLeaf? NextLeaf()
    {
        GrowingLeaf? next = null;
        foreach (var leaf in this.Leaves)
        {
            if (leaf.Best.Gain > (next?.Best.Gain ?? 0))
                next = leaf;
        }

        return next;
    }

    private bool MaySplit(GrowingLeaf leaf) =>
        leaf.Count >= 2L * settings.MinSamplesLeaf && (settings.MaxDepth == 0 || leaf.Depth < settings.MaxDepth);

    private void Part(Tree tree, GrowingLeaf leaf)
    {
        var split = leaf.Best;
        var bins = matrix.Features[split.Feature];
        var node = tree.Nodes[leaf.Node];
        node.Feature = split.Feature;
        node.Column = bins.Column;
        node.LeftCodes = bins.LeftCodes(split.Bin, split.MissingLeft);
        node.MissingLeft = split.MissingLeft;
        // The cut after the last value parts values from missing ones; every number is ≤ the largest FP32.
        node.Cut = split.Bin < bins.Cuts.Length ? bins.Cuts[split.Bin] : float.MaxValue;
        (node.Left, node.Right) = (tree.Nodes.Count, tree.Nodes.Count + 1);
        tree.Nodes.Add(new Tree.Node());
        tree.Nodes.Add(new Tree.Node());

        var leftCount = this.Partition(leaf, matrix.Block(bins.Column / BinnedMatrix.Lanes), bins.Column % BinnedMatrix.Lanes * 8, node.LeftCodes);
        var left = new GrowingLeaf(node.Left, leaf.Start, leftCount, leaf.Depth + 1, split.LeftPacked, split.LeftHessian);
        var right = new GrowingLeaf(node.Right, leaf.Start + leftCount, leaf.Count - leftCount, leaf.Depth + 1, leaf.Packed - split.LeftPacked, leaf.Hessian - split.LeftHessian);
        this.Leaves[this.Leaves.IndexOf(leaf)] = left;
        this.Leaves.Add(right);
        if (this.Leaves.Count < settings.MaxLeaves && (this.MaySplit(left) || this.MaySplit(right)))
        {
            var (small, large) = left.Count <= right.Count ? (left, right) : (right, left);
            large.Histogram = leaf.Histogram;
            leaf.Histogram = null;
            this.Search(small, large);
        }

        this.Release(leaf);
    }

    /// <summary>Fills the small leaf's histogram, takes it from the large one's (which still is the parent's), and finds the best split of both.</summary>
    private void Search(GrowingLeaf small, GrowingLeaf? large)
    {
        small.Histogram = this.pool.Count > 0 ? this.pool.Pop() : new Histogram(matrix.Blocks, fixedPoint.Hessians is not null);
        var run = this.RowsOf(small);
        Gather(fixedPoint.Packed, run, this.orderedPacked);
        if (fixedPoint.Hessians is { } hessians)
            Gather(hessians, run, this.orderedHessians);
        if (context.Threads > 1 && matrix.Blocks > 1 && ((long)small.Count + BinnedMatrix.Codes) * matrix.Blocks > ParallelWork)
        {
            Parallel.For(0, matrix.Blocks, context.Parallelism, block => this.SearchBlock(block, small, large));
        }
        else
        {
            for (var block = 0; block < matrix.Blocks; block++)
                this.SearchBlock(block, small, large);
        }

        small.Best = Best(this.blockBest);
        if (large is not null)
            large.Best = Best(this.otherBest);
    }

    private void SearchBlock(int block, GrowingLeaf small, GrowingLeaf? large)
    {
        var hessians = fixedPoint.Hessians is null ? [] : this.orderedHessians.AsSpan(0, small.Count);
        small.Histogram!.Fill(block, matrix.Block(block), this.RowsOf(small), this.orderedPacked.AsSpan(0, small.Count), hessians);
        this.blockBest[block] = this.FindInBlock(block, small);
        if (large is null)
            return;
        large.Histogram!.Subtract(block, small.Histogram);
        this.otherBest[block] = this.FindInBlock(block, large);
    }

    private Split FindInBlock(int block, GrowingLeaf leaf)
    {
        var best = Split.None;
        if (!this.MaySplit(leaf))
            return best;
        var finder = new SplitFinder(settings.MinSamplesLeaf, settings.L2, fixedPoint);
        foreach (var feature in matrix.FeaturesOfBlock[block])
        {
            if (!this.allowed[feature])
                continue;
            var bins = matrix.Features[feature];
            var found = finder.Best(bins, leaf.Histogram!.Packed(bins.Column), leaf.Histogram.Hessians(bins.Column), leaf.Packed, leaf.Hessian);
            if (found.Beats(best))
                best = found;
        }

        return best;
    }

    private static Split Best(Split[] candidates)
    {
        var best = Split.None;
        foreach (var candidate in candidates)
        {
            if (candidate.Beats(best))
                best = candidate;
        }

        return best;
    }

    private void Release(GrowingLeaf leaf)
    {
        if (leaf.Histogram is { } histogram)
            this.pool.Push(histogram);
        leaf.Histogram = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(long[] from, ReadOnlySpan<int> rows, long[] to)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(from);
        for (var i = 0; i < rows.Length && i < to.Length; i++)
            to[i] = Unsafe.Add(ref source, rows[i]);
    }

    /// <summary>Left rows first, the order within each side kept; no branch on the data. Returns how many went left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Partition(GrowingLeaf leaf, ulong[] words, int shift, byte[] leftCodes)
    {
        var run = this.rows.AsSpan(leaf.Start, leaf.Count);
        ref var right = ref MemoryMarshal.GetArrayDataReference(this.spare);
        ref var word = ref MemoryMarshal.GetArrayDataReference(words);
        ref var goesLeft = ref MemoryMarshal.GetArrayDataReference(leftCodes);
        int lefts = 0, rights = 0;
        for (var i = 0; i < run.Length; i++)
        {
            var row = run[i];
            int isLeft = Unsafe.Add(ref goesLeft, (nint)(byte)(Unsafe.Add(ref word, row) >> shift));
            // lefts ≤ i always, so writing in place never overtakes reading.
            run[lefts] = row;
            Unsafe.Add(ref right, rights) = row;
            lefts += isLeft;
            rights += 1 - isLeft;
        }

        this.spare.AsSpan(0, rights).CopyTo(run[lefts..]);
        return lefts;
    }
}
