using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Ci.Onnx;

/// <summary>
/// Values as bytes between two processes of the same machine and program: kind, element type, shape, then the elements as they lie in memory.
/// Reading is bounded by what was given and believes no length that does not fit it. No format for files.
/// </summary>
public static class ValueWire
{
    private const int MostDimensions = 16;
    private const int MostDepth = 4;

    /// <summary>Appends one value; its name is left out.</summary>
    public static void Write(IBufferWriter<byte> to, OnnxValue value)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(value);
        Number(to, (int)value.Kind);
        if (value.Kind != OnnxValueKind.Tensor)
        {
            Number(to, value.Items.Count);
            foreach (var item in value.Items)
                Write(to, item);
            return;
        }

        Number(to, (int)value.Type);
        Number(to, value.Shape.Length);
        to.Write(MemoryMarshal.AsBytes(value.Shape.AsSpan()));
        if (value.Type == OnnxElementType.String)
            WriteTexts(to, value.Strings);
        else
            to.Write(MemoryMarshal.CreateReadOnlySpan(ref value.Reference(), value.Count * value.Type.SizeOf()));
    }

    /// <summary>Takes one value off the front.</summary>
    /// <exception cref="OnnxException">The bytes are no such value.</exception>
    public static OnnxValue Read(ref ReadOnlySpan<byte> from, string name) => Read(ref from, name, 0);

    private static OnnxValue Read(ref ReadOnlySpan<byte> from, string name, int depth)
    {
        var kind = (OnnxValueKind)Number(ref from);
        if (depth > MostDepth || !Enum.IsDefined(kind))
            throw Broken($"kind {(int)kind}");
        if (kind != OnnxValueKind.Tensor)
        {
            var items = new OnnxValue[Bounded(Number(ref from), from.Length)];
            for (var i = 0; i < items.Length; i++)
                items[i] = Read(ref from, "", depth + 1);
            return OnnxValue.Container(name, kind, items);
        }

        var type = (OnnxElementType)Number(ref from);
        var shape = MemoryMarshal.Cast<byte, long>(Take(ref from, Bounded(Number(ref from), MostDimensions) * sizeof(long))).ToArray();
        var count = 1L;
        foreach (var dimension in shape)
            count = dimension >= 0 && count <= int.MaxValue && dimension <= int.MaxValue ? count * dimension : throw Broken($"shape [{string.Join(',', shape)}]");
        return type == OnnxElementType.String
            ? OnnxValue.OfStrings(name, Texts(ref from, count), shape)
            : Elements(ref from, name, type, count, shape);
    }

    private static OnnxValue Elements(ref ReadOnlySpan<byte> from, string name, OnnxElementType type, long count, long[] shape)
    {
        var size = type.SizeOf();
        if (size == 0 || count * size > from.Length)
            throw Broken($"{count} elements of type {type} in {from.Length} bytes");
        var value = OnnxValue.Tensor(name, type, ElementTypes.NewArray(type, (int)count), shape);
        Take(ref from, (int)count * size).CopyTo(MemoryMarshal.CreateSpan(ref value.Reference(), (int)count * size));
        return value;
    }

    private static void WriteTexts(IBufferWriter<byte> to, string[] texts)
    {
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Number(to, bytes.Length);
            to.Write(bytes);
        }
    }

    private static string[] Texts(ref ReadOnlySpan<byte> from, long count)
    {
        var texts = new string[Bounded(count, from.Length)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Encoding.UTF8.GetString(Take(ref from, Bounded(Number(ref from), from.Length)));
        return texts;
    }

    private static void Number(IBufferWriter<byte> to, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(sizeof(int)), value);
        to.Advance(sizeof(int));
    }

    private static int Number(ref ReadOnlySpan<byte> from) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref from, sizeof(int)));

    private static int Bounded(long value, int most) => value >= 0 && value <= most ? (int)value : throw Broken($"a count of {value}");

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from, int count)
    {
        if (count > from.Length)
            throw Broken($"{count} bytes wanted, {from.Length} left");
        var taken = from[..count];
        from = from[count..];
        return taken;
    }

    private static OnnxException Broken(string what) => new($"a value from another process is broken: {what}");
}
