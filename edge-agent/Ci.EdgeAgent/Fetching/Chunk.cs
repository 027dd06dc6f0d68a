using Ci.Releases;

namespace Ci.EdgeAgent.Fetching;

/// <summary>One piece of an artifact. A null digest: only the whole file tells whether it is right.</summary>
internal sealed record Chunk(int Index, long Offset, int Length, Sha256Digest? Sha256);
