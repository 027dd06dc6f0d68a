using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>
/// The elements of a tensor from and to the protocol's binary form: little-endian and row-major; a truth value is a byte 0 or 1, a text its
/// length in four bytes and its UTF-8.
/// </summary>
internal static class TensorBinary
{
    private const int LengthBytes = sizeof(uint);
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the whole of <paramref name="bytes"/> into the declared input <paramref name="index"/>.</summary>
    public static OnnxValue Read(in ReadOnlySequence<byte> bytes, InferenceCall call, int index, scoped ReadOnlySpan<long> shape)
    {
        var declared = call.Inputs[index];
        var size = declared.ElementType.SizeOf();
        if (declared.ElementType == OnnxElementType.String)
            return OnnxValue.OfStrings(declared.Name, Texts(bytes, call, index, TensorShape.Check(declared, shape, bytes.Length / LengthBytes, "its binary data can hold")), shape.ToArray());
        if (size == 0)
            throw new InvalidRequestException($"the input {declared.Name} is {declared.ElementType}, which the protocol cannot carry");
        var count = TensorShape.Check(declared, shape, bytes.Length / size, "its binary data has");
        if ((long)count * size != bytes.Length)
            throw new InvalidRequestException($"the input {declared.Name}: its shape means {(long)count * size} bytes, its binary data has {bytes.Length}");
        var value = call.Blank(index, shape);
        bytes.CopyTo(value.Bytes);
        if (declared.ElementType == OnnxElementType.Bool && value.Bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
            throw new InvalidRequestException($"the input {declared.Name}: a BOOL is the byte 0 or 1");
        return value;
    }

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    public static long Size(OnnxValue value)
    {
        if (value.Type != OnnxElementType.String)
            return value.Bytes.Length;
        var bytes = 0L;
        foreach (var text in value.Strings)
            bytes += LengthBytes + Encoding.UTF8.GetByteCount(text);
        return bytes;
    }

    public static void Write(IBufferWriter<byte> to, OnnxValue value)
    {
        if (value.Type != OnnxElementType.String)
        {
            to.Write(value.Bytes);
            return;
        }

        foreach (var text in value.Strings)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(LengthBytes), Encoding.UTF8.GetByteCount(text));
            to.Advance(LengthBytes);
            Encoding.UTF8.GetBytes(text, to);
        }
    }

    private static string[] Texts(in ReadOnlySequence<byte> bytes, InferenceCall call, int index, int count)
    {
        var texts = call.Take<string>(index, count);
        var reader = new SequenceReader<byte>(bytes);
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadLittleEndian(out int length) || length < 0 || !reader.TryReadExact(length, out var text))
                throw new InvalidRequestException($"the input {call.Inputs[index].Name}: its binary data ends within element {i}");
            texts[i] = Decode(text, call.Inputs[index].Name, i);
        }

        return reader.End ? texts : throw new InvalidRequestException($"the input {call.Inputs[index].Name}: its binary data goes on after the {count} elements of its shape");
    }

    private static string Decode(in ReadOnlySequence<byte> text, string name, int index)
    {
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidRequestException($"the input {name}: element {index} is not valid UTF-8", error);
        }
    }
}
