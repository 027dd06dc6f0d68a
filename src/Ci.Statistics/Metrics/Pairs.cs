namespace Ci.Statistics;

/// <summary>What every metric asks of its arguments.</summary>
internal static class Pairs
{
    public static void Check(int targets, int predictions)
    {
        if (targets == 0)
            throw new ArgumentException("a metric needs at least one row");
        if (targets != predictions)
            throw new ArgumentException($"{targets} targets, but {predictions} predictions; there must be one prediction a target");
    }
}
