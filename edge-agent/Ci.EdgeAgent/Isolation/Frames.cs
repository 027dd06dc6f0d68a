using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace Ci.EdgeAgent.Isolation;

/// <summary>
/// Messages over a stream socket between agent and child: four bytes of length, one of kind, the body. Blocking, because both sides have a thread
/// for it and a wake-up is what a call costs.
/// </summary>
internal sealed class Frames(Socket socket) : IDisposable
{
    public const byte Run = 1;
    public const byte Ping = 2;
    public const byte Done = 3;
    public const byte Failed = 4;
    public const byte CutShort = 5;
    private const int HeadBytes = 5;

    /// <summary>More than any admitted request or answer; a longer frame is a broken peer.</summary>
    private const int MostBytes = 512 << 20;
    private const int KeptBytes = 1 << 20;

    private ArrayBufferWriter<byte> outgoing = new(4096);
    private byte[] incoming = new byte[4096];

    /// <summary>An empty body to write into, after the head's place.</summary>
    public IBufferWriter<byte> Begin()
    {
        if (outgoing.Capacity > KeptBytes)
            outgoing = new ArrayBufferWriter<byte>(4096);
        outgoing.ResetWrittenCount();
        _ = outgoing.GetSpan(HeadBytes);
        outgoing.Advance(HeadBytes);
        return outgoing;
    }

    /// <summary>Sends what was written since <see cref="Begin"/>.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public void Send(byte kind)
    {
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(outgoing.WrittenMemory, out var segment);
        BinaryPrimitives.WriteInt32LittleEndian(segment.AsSpan(), segment.Count - HeadBytes);
        segment.AsSpan()[4] = kind;
        for (var rest = segment.AsSpan(); rest.Length > 0;)
            rest = rest[socket.Send(rest)..];
    }

    /// <summary>The next message; its body is valid until the one after.</summary>
    /// <exception cref="SocketException">The other side is gone, or did not answer in the socket's time.</exception>
    public (byte Kind, ReadOnlyMemory<byte> Body) Receive()
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        Fill(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > MostBytes)
            throw new SocketException((int)SocketError.MessageSize);
        if (incoming.Length < length || (incoming.Length > KeptBytes && length <= KeptBytes))
            incoming = new byte[Math.Max(length, 4096)];
        Fill(incoming.AsSpan(0, length));
        return (head[4], incoming.AsMemory(0, length));
    }

    public void Dispose() => socket.Dispose();

    private void Fill(Span<byte> into)
    {
        while (into.Length > 0)
        {
            var got = socket.Receive(into);
            if (got == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            into = into[got..];
        }
    }
}
