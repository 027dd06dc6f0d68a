using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>gRPC's framing of one message: a byte that says whether it is compressed, its length in four bytes, and the message.</summary>
internal static class GrpcFrame
{
    private const int HeadBytes = 5;

    /// <summary>The one message of a unary call's body.</summary>
    public static ReadOnlySequence<byte> Open(in ReadOnlySequence<byte> body)
    {
        if (body.Length < HeadBytes)
            throw new GrpcException(GrpcStatus.InvalidArgument, "the call has no whole message");
        Span<byte> head = stackalloc byte[HeadBytes];
        body.Slice(0, HeadBytes).CopyTo(head);
        if (head[0] == 1)
            throw new GrpcException(GrpcStatus.Unimplemented, "the message is compressed, which is not taken; this server speaks identity only");
        if (head[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(head[1..]) != body.Length - HeadBytes)
            throw new GrpcException(GrpcStatus.InvalidArgument, "the call must have exactly one message, whose length its head says");
        return body.Slice(HeadBytes);
    }

    public static void Write(IBufferWriter<byte> to, IMessage message)
    {
        var head = to.GetSpan(HeadBytes);
        head[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], message.CalculateSize());
        to.Advance(HeadBytes);
        message.WriteTo(to);
    }
}
