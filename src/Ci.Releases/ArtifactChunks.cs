namespace Ci.Releases;

/// <summary>
/// An artifact cut into pieces of one size (the last may be shorter), each with its digest, so that a device can believe what has arrived
/// before the rest has, and fetch a damaged piece again instead of the whole.
/// </summary>
public sealed record ArtifactChunks
{
    /// <summary>The smallest piece: smaller ones cost more requests than they save.</summary>
    public const long LeastBytes = 64 << 10;

    /// <summary>The largest piece: as much is lost when a connection breaks.</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>The most pieces of one artifact; a document stays far below its own limit.</summary>
    public const int MostCount = 2048;

    private const long Usual = 1 << 20;

    /// <summary>The size of every piece but the last, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The digests, in order.</summary>
    public required IReadOnlyList<Sha256Digest> Sha256 { get; init; }

    /// <summary>The size of pieces that a file of so many bytes is cut into: a MiB, doubled until there are few enough.</summary>
    public static long SizeFor(long bytes)
    {
        var size = Usual;
        while ((bytes + size - 1) / size > MostCount / 2)
            size *= 2;
        return size;
    }

    /// <summary>The pieces of a file; null where it is but one piece, which the file's own digest covers.</summary>
    public static ArtifactChunks? Of(ReadOnlySpan<byte> file)
    {
        var size = (int)SizeFor(file.Length);
        if (file.Length <= size)
            return null;
        var digests = new List<Sha256Digest>();
        for (var rest = file; !rest.IsEmpty; rest = rest[Math.Min(size, rest.Length)..])
            digests.Add(Sha256Digest.Of(rest[..Math.Min(size, rest.Length)]));
        return new ArtifactChunks { Bytes = size, Sha256 = digests };
    }

    /// <summary>Why these cannot be the pieces of a file of so many bytes; null where they can.</summary>
    internal string? ProblemFor(long bytes)
    {
        if (Bytes is < LeastBytes or > MostBytes)
            return $"has chunks of {Bytes} bytes; {LeastBytes} to {MostBytes} are allowed";
        var count = (bytes / Bytes) + (bytes % Bytes > 0 ? 1 : 0);
        return Sha256.Count == count && count <= MostCount ? null : $"lists {Sha256.Count} chunks of {Bytes} bytes; a file of {bytes} bytes has {count}, and at most {MostCount} are allowed";
    }
}
