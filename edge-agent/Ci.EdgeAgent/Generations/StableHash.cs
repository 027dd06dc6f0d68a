namespace Ci.EdgeAgent.Generations;

/// <summary>A hash that is the same on every device and in every version: FNV-1a over UTF-16 units, finished by SplitMix64's mixer. Not for secrets.</summary>
internal static class StableHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<char> text, ulong salt = 0)
    {
        var hash = Offset ^ salt;
        foreach (var unit in text)
            hash = unchecked((hash ^ unit) * Prime);
        return Mix(hash);
    }

    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }

    /// <summary>Evenly in [0, 1).</summary>
    public static double ToUnit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
