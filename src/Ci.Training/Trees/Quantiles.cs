namespace Ci.Training.Trees;

/// <summary>Where a feature is cut into bins. Every cut t is an FP32 number with value ≤ t &lt; next value: all training values fall on the same side in the ONNX file.</summary>
internal static class Quantiles
{
    /// <summary>Ascending cuts; bin b holds values with cut[b-1] &lt; value ≤ cut[b]. NaN is left out.</summary>
    /// <remarks><c>scratch</c>: Two buffers as long as the column.</remarks>
    public static float[] Cuts(ReadOnlySpan<float> column, int maxBins, uint[] scratch, uint[] spare)
    {
        var count = 0;
        foreach (var value in column)
        {
            if (!float.IsNaN(value))
                scratch[count++] = Key(value);
        }

        var sorted = RadixSort(scratch, spare, count);
        var distinct = DistinctUpTo(sorted, maxBins + 1);
        return distinct.Count <= maxBins ? Between(distinct) : ByRank(sorted, maxBins);
    }

    private static float[] Between(List<float> distinct)
    {
        var cuts = new float[Math.Max(0, distinct.Count - 1)];
        for (var i = 0; i < cuts.Length; i++)
            cuts[i] = Middle(distinct[i], distinct[i + 1]);
        return cuts;
    }

    private static float[] ByRank(ReadOnlySpan<uint> sorted, int maxBins)
    {
        var cuts = new List<float>(maxBins);
        var last = Value(sorted[^1]);
        for (var i = 1; i < maxBins; i++)
        {
            var rank = (long)i * (sorted.Length - 1) / maxBins;
            var exact = (long)i * (sorted.Length - 1) % maxBins == 0;
            var low = Value(sorted[(int)rank]);
            var high = exact ? low : Value(sorted[(int)rank + 1]);
            var cut = low == high ? low : Middle(low, high);
            // A cut at the largest value would leave nothing on its right.
            if (cut < last && (cuts.Count == 0 || cut > cuts[^1]))
                cuts.Add(cut);
        }

        return [.. cuts];
    }

    /// <summary>The FP32 number nearest to the middle that is ≥ low and &lt; high.</summary>
    internal static float Middle(float low, float high)
    {
        var middle = (float)(((double)low + high) / 2);
        return middle < high && middle >= low ? middle : low;
    }

    private static List<float> DistinctUpTo(ReadOnlySpan<uint> sorted, int most)
    {
        var distinct = new List<float>(most);
        for (var i = 0; i < sorted.Length && distinct.Count < most; i++)
        {
            // Compared as numbers: -0 and +0 have different keys but are one value.
            if (i == 0 || (sorted[i] != sorted[i - 1] && Value(sorted[i]) != distinct[^1]))
                distinct.Add(Value(sorted[i]));
        }

        return distinct;
    }

    // The usual trick: with the sign bit flipped (all bits for negative numbers), IEEE 754 numbers sort as unsigned integers.
    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    private static float Value(uint key) => BitConverter.UInt32BitsToSingle((key & 0x80000000) != 0 ? key & 0x7FFFFFFF : ~key);

    private static ReadOnlySpan<uint> RadixSort(uint[] keys, uint[] spare, int count)
    {
        const int bits = 11, buckets = 1 << bits;
        var (from, to) = (keys, spare);
        var starts = new int[buckets];
        for (var shift = 0; shift < 32; shift += bits)
        {
            Array.Clear(starts);
            for (var i = 0; i < count; i++)
                starts[(from[i] >> shift) & (buckets - 1)]++;
            if (count > 0 && starts[(from[0] >> shift) & (buckets - 1)] == count)
                continue;
            var at = 0;
            for (var b = 0; b < buckets; b++)
                (starts[b], at) = (at, at + starts[b]);
            for (var i = 0; i < count; i++)
                to[starts[(from[i] >> shift) & (buckets - 1)]++] = from[i];
            (from, to) = (to, from);
        }

        return from.AsSpan(0, count);
    }
}
