namespace Ci.Training;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): our own, so that a seed means the same numbers on every version of .NET.</summary>
internal struct SeededNumbers(long seed)
{
    private ulong state = unchecked((ulong)seed);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble()
    {
        this.state += 0x9E3779B97F4A7C15;
        var z = this.state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Chooses <paramref name="wanted"/> of <paramref name="from"/>, each set equally likely; order is kept (Knuth's algorithm S).</summary>
    public int[] Choose(ReadOnlySpan<int> from, int wanted)
    {
        var chosen = new int[wanted];
        var found = 0;
        for (var i = 0; i < from.Length && found < wanted; i++)
        {
            if (this.NextDouble() * (from.Length - i) < wanted - found)
                chosen[found++] = from[i];
        }

        return chosen;
    }
}
