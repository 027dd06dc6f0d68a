using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ci.Training.Trees;

/// <summary>Sums per code, 256 a column: of <see cref="FixedPoint.Packed"/>, and of the second derivatives where they vary.</summary>
internal sealed class Histogram(int blocks, bool withHessians)
{
    private const int BlockCodes = BinnedMatrix.Lanes * BinnedMatrix.Codes;

    private readonly long[] packed = new long[blocks * BlockCodes];
    private readonly long[] hessians = withHessians ? new long[blocks * BlockCodes] : [];

    public ReadOnlySpan<long> Packed(int column) => this.packed.AsSpan(column * BinnedMatrix.Codes, BinnedMatrix.Codes);

    public ReadOnlySpan<long> Hessians(int column) =>
        this.hessians.Length == 0 ? [] : this.hessians.AsSpan(column * BinnedMatrix.Codes, BinnedMatrix.Codes);

    /// <summary>Fills one block's columns from the rows of a leaf.</summary>
    /// <remarks><c>packed</c>: In the order of <paramref name="rows"/>, as <paramref name="hessians"/> too (empty where they are constant).</remarks>
    public void Fill(int block, ulong[] words, ReadOnlySpan<int> rows, ReadOnlySpan<long> packed, ReadOnlySpan<long> hessians)
    {
        var sums = this.packed.AsSpan(block * BlockCodes, BlockCodes);
        sums.Clear();
        Accumulate(words, rows, packed, sums);
        if (this.hessians.Length == 0)
            return;
        sums = this.hessians.AsSpan(block * BlockCodes, BlockCodes);
        sums.Clear();
        Accumulate(words, rows, hessians, sums);
    }

    /// <summary>Takes a child's sums away: what is left is the other child's.</summary>
    public void Subtract(int block, Histogram child)
    {
        Subtract(this.packed.AsSpan(block * BlockCodes, BlockCodes), child.packed.AsSpan(block * BlockCodes, BlockCodes));
        if (this.hessians.Length > 0)
            Subtract(this.hessians.AsSpan(block * BlockCodes, BlockCodes), child.hessians.AsSpan(block * BlockCodes, BlockCodes));
    }

    // The hot loop of all boosting. No bounds checks: a lane's code is a byte, and a lane has 256 sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(ulong[] words, ReadOnlySpan<int> rows, ReadOnlySpan<long> values, Span<long> sums)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var word = ref MemoryMarshal.GetArrayDataReference(words);
        ref var row = ref MemoryMarshal.GetReference(rows);
        ref var value = ref MemoryMarshal.GetReference(values);
        for (nint i = 0; i < rows.Length; i++)
        {
            var codes = Unsafe.Add(ref word, Unsafe.Add(ref row, i));
            var v = Unsafe.Add(ref value, i);
            Unsafe.Add(ref sum, (nint)(byte)codes) += v;
            Unsafe.Add(ref sum, 256 + (nint)(byte)(codes >> 8)) += v;
            Unsafe.Add(ref sum, 512 + (nint)(byte)(codes >> 16)) += v;
            Unsafe.Add(ref sum, 768 + (nint)(byte)(codes >> 24)) += v;
            Unsafe.Add(ref sum, 1024 + (nint)(byte)(codes >> 32)) += v;
            Unsafe.Add(ref sum, 1280 + (nint)(byte)(codes >> 40)) += v;
            Unsafe.Add(ref sum, 1536 + (nint)(byte)(codes >> 48)) += v;
            Unsafe.Add(ref sum, 1792 + (nint)(codes >> 56)) += v;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(Span<long> from, ReadOnlySpan<long> child)
    {
        for (var i = 0; i < from.Length && i < child.Length; i++)
            from[i] -= child[i];
    }
}
