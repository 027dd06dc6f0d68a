using System.Runtime.CompilerServices;

namespace Ci.Onnx;

/// <summary>
/// Walks the wire format of a model without making an object, because a parser's objects are many times as large as what made them: a
/// hundred megabytes of empty nodes are gigabytes of memory. Counts fields and nodes and the depth of graphs against their bounds.
/// </summary>
internal sealed class WireScan(string name, ModelBounds bounds)
{
    private long fields;
    private long nodes;

    private enum Kind
    {
        Leaf, Model, Graph, Node, Attribute, Tensor, Sparse, Function, Training, Value, Type, TensorType, InnerType, MapType, Shape, Entry,
    }

    /// <summary>Returns when every bound holds; a file that is not this wire format is left for the parser to refuse.</summary>
    /// <exception cref="UnsafeModelException">A bound does not hold.</exception>
    public static void Check(ReadOnlySpan<byte> model, string name, ModelBounds bounds) => new WireScan(name, bounds).Walk(model, Kind.Model, 0, 0);

    private void Walk(ReadOnlySpan<byte> message, Kind kind, int graphs, int levels)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (kind == Kind.Graph && graphs > bounds.Depth)
            throw new UnsafeModelException(false, $"{name} holds graphs more than {bounds.Depth} deep");
        if (levels > 100)
            throw new UnsafeModelException(false, $"{name} is nested more than 100 messages deep");
        if (kind == Kind.Node && ++this.nodes > bounds.Nodes)
            throw new UnsafeModelException(false, $"{name} has more than {bounds.Nodes} nodes");
        while (!message.IsEmpty)
        {
            if (++this.fields > bounds.Fields)
                throw new UnsafeModelException(false, $"{name} has more than {bounds.Fields} fields");
            if (!TryNext(ref message, out var field, out var content))
                return;
            if (Inner(kind, field) is var inner and not Kind.Leaf)
                this.Walk(content, inner, inner == Kind.Graph ? graphs + 1 : graphs, levels + 1);
        }
    }

    private static bool TryNext(ref ReadOnlySpan<byte> message, out int field, out ReadOnlySpan<byte> content)
    {
        field = 0;
        content = default;
        if (!TryVarint(ref message, out var tag))
            return false;
        field = (int)(tag >> 3);
        switch ((int)(tag & 7))
        {
            case 0:
                return TryVarint(ref message, out _);
            case 1 when message.Length >= 8:
                message = message[8..];
                return true;
            case 5 when message.Length >= 4:
                message = message[4..];
                return true;
            case 2 when TryVarint(ref message, out var length) && length <= (ulong)message.Length:
                content = message[..(int)length];
                message = message[(int)length..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var at = 0; at < message.Length && at < 10; at++)
        {
            value |= (ulong)(message[at] & 0x7F) << (7 * at);
            if (message[at] >= 0x80)
                continue;
            message = message[(at + 1)..];
            return true;
        }

        return false;
    }

    // The numbers of onnx.proto: which fields hold messages, and of which kind.
    private static Kind Inner(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, 7) or (Kind.Training, 1 or 2) or (Kind.Attribute, 6 or 11) => Kind.Graph,
        (Kind.Model, 20) => Kind.Training,
        (Kind.Model, 25) => Kind.Function,
        (Kind.Model, 8 or 14) or (Kind.Training, 3 or 4) or (Kind.Tensor, 13 or 16) or (Kind.Graph, 14 or 16) or (Kind.Node, 9) or (Kind.Function, 9 or 14) => Kind.Entry,
        (Kind.Graph, 1) or (Kind.Function, 7) => Kind.Node,
        (Kind.Graph, 5) or (Kind.Attribute, 5 or 10) or (Kind.Sparse, 1 or 2) => Kind.Tensor,
        (Kind.Graph, 15) or (Kind.Attribute, 22 or 23) => Kind.Sparse,
        (Kind.Graph, 11 or 12 or 13) or (Kind.Function, 12) => Kind.Value,
        (Kind.Node, 5) or (Kind.Function, 11) => Kind.Attribute,
        (Kind.Attribute, 14 or 15) or (Kind.Value, 2) or (Kind.InnerType, 1) or (Kind.MapType, 2) => Kind.Type,
        (Kind.Type, 1 or 8) => Kind.TensorType,
        (Kind.Type, 4 or 9) => Kind.InnerType,
        (Kind.Type, 5) => Kind.MapType,
        (Kind.TensorType, 2) => Kind.Shape,
        (Kind.Shape, 1) => Kind.Entry,
        _ => Kind.Leaf,
    };
}
