using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// Rows known by a 128-bit hash of the values of their feature and target cells: 1, 1.0 and 1e0 are one value. Two different rows
/// share a hash with a chance of about 10⁻²⁸ in tables of 100,000 rows.
/// </summary>
internal static class RowHashes
{
    /// <summary>How many rows of the one table stand in the other too.</summary>
    public static long CountOf(Table rows, Table among, IReadOnlyList<string> features, string target, bool targetIsNumber)
    {
        var known = new HashSet<(ulong, ulong)>(Of(among, features, target, targetIsNumber));
        return Of(rows, features, target, targetIsNumber).LongCount(known.Contains);
    }

    private static (ulong, ulong)[] Of(Table table, IReadOnlyList<string> features, string target, bool targetIsNumber)
    {
        var hashes = new (ulong A, ulong B)[table.Rows];
        Array.Fill(hashes, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F));
        foreach (var feature in features)
            MixNumbers(hashes, table.Numbers(feature));
        if (targetIsNumber)
        {
            MixNumbers(hashes, table.Numbers(target));
            return hashes;
        }

        var names = table.Texts(target);
        for (var row = 0; row < names.Length; row++)
        {
            foreach (var c in names[row])
                hashes[row] = Mix(hashes[row], c);
        }

        return hashes;
    }

    private static void MixNumbers((ulong A, ulong B)[] hashes, double[] values)
    {
        for (var row = 0; row < values.Length; row++)
        {
            var bits = double.IsNaN(values[row]) ? ulong.MaxValue : BitConverter.DoubleToUInt64Bits(values[row] == 0 ? 0 : values[row]);
            hashes[row] = Mix(hashes[row], bits);
        }
    }

    /// <summary>Two multiply-fold steps with different odd constants (the finaliser of MurmurHash3 and that of splitmix64).</summary>
    private static (ulong A, ulong B) Mix((ulong A, ulong B) hash, ulong bits)
    {
        var a = (hash.A ^ bits) * 0xFF51AFD7ED558CCD;
        var b = (hash.B + bits) * 0xBF58476D1CE4E5B9;
        return (a ^ (a >> 33), (b ^ (b >> 31)) * 0x94D049BB133111EB);
    }
}
