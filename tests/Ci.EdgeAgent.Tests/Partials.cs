using Ci.EdgeAgent.Objects;

namespace Ci.EdgeAgent.Tests;

/// <summary>What a test asks of an object on its way.</summary>
internal static class Partials
{
    /// <summary>Bytes in verified chunks: what need not be fetched again.</summary>
    public static long VerifiedBytes(this PartialObject partial) => Chunks(partial).Where(partial.IsWhole).Sum(i => (long)partial.LengthOf(i));

    /// <summary>The first chunk that is still to be fetched; null where all are here.</summary>
    public static int? FirstMissing(this PartialObject partial) => Chunks(partial).Where(i => !partial.IsWhole(i)).Select(i => (int?)i).FirstOrDefault();

    private static IEnumerable<int> Chunks(PartialObject partial) => Enumerable.Range(0, ChunkMap.CountOf(partial.Size, partial.ChunkBytes));
}
