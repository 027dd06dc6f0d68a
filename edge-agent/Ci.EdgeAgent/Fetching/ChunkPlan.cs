using Ci.Releases;

namespace Ci.EdgeAgent.Fetching;

/// <summary>How an artifact is cut: as its release signed it; where it signed no pieces, into some whose arrival is known but not their truth.</summary>
internal sealed record ChunkPlan(Artifact Artifact, int ChunkBytes, IReadOnlyList<Chunk> Chunks)
{
    public static ChunkPlan Of(Artifact artifact, Func<long, int> sizeFor)
    {
        var size = (int)(artifact.Chunks?.Bytes ?? sizeFor(artifact.Bytes));
        var count = (int)((artifact.Bytes + size - 1) / size);
        var chunks = Enumerable.Range(0, count).Select(i =>
        {
            var offset = (long)i * size;
            var digest = artifact.Chunks?.Sha256[i] ?? (count == 1 ? artifact.Sha256 : (Sha256Digest?)null);
            return new Chunk(i, offset, (int)Math.Min(size, artifact.Bytes - offset), digest);
        });
        return new ChunkPlan(artifact, size, [.. chunks]);
    }
}
