using System.Buffers;

namespace Ci.EdgeAgent.Serving;

/// <summary>A whole body that still lies in the connection's buffers, and the bytes that it was counted for.</summary>
internal readonly record struct HeldBody(ReadOnlySequence<byte> Bytes, long Counted);
