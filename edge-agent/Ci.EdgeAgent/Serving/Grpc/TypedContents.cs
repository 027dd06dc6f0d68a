using System.Text;
using Ci.EdgeAgent.Serving.Grpc.Messages;
using Ci.Onnx;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>The typed form of a tensor's elements: eight lists, of which the datatype says the one that counts.</summary>
internal static class TypedContents
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static OnnxValue Read(InferTensorContents contents, InferenceCall call, int index, scoped ReadOnlySpan<long> shape) => call.Inputs[index].ElementType switch
    {
        OnnxElementType.Bool => Of(contents.BoolContents, v => v, call, index, shape),
        OnnxElementType.Int8 => Of(contents.IntContents, v => Narrow<sbyte>(v, call, index), call, index, shape),
        OnnxElementType.Int16 => Of(contents.IntContents, v => Narrow<short>(v, call, index), call, index, shape),
        OnnxElementType.Int32 => Of(contents.IntContents, v => v, call, index, shape),
        OnnxElementType.Int64 => Of(contents.Int64Contents, v => v, call, index, shape),
        OnnxElementType.UInt8 => Of(contents.UintContents, v => Narrow<byte>(v, call, index), call, index, shape),
        OnnxElementType.UInt16 => Of(contents.UintContents, v => Narrow<ushort>(v, call, index), call, index, shape),
        OnnxElementType.UInt32 => Of(contents.UintContents, v => v, call, index, shape),
        OnnxElementType.UInt64 => Of(contents.Uint64Contents, v => v, call, index, shape),
        OnnxElementType.Float => Of(contents.Fp32Contents, v => v, call, index, shape),
        OnnxElementType.Double => Of(contents.Fp64Contents, v => v, call, index, shape),
        OnnxElementType.String => Texts(contents.BytesContents, call, index, shape),
        _ => throw new InvalidRequestException($"the input {call.Inputs[index].Name} is {call.Inputs[index].Datatype}, which has no typed contents; send raw_input_contents"),
    };

    public static InferTensorContents Of(OnnxValue value)
    {
        var contents = new InferTensorContents();
        switch (value.Type)
        {
            case OnnxElementType.Bool: Add(contents.BoolContents, value.As<bool>(), v => v); break;
            case OnnxElementType.Int8: Add(contents.IntContents, value.As<sbyte>(), v => v); break;
            case OnnxElementType.Int16: Add(contents.IntContents, value.As<short>(), v => v); break;
            case OnnxElementType.Int32: Add(contents.IntContents, value.As<int>(), v => v); break;
            case OnnxElementType.Int64: Add(contents.Int64Contents, value.As<long>(), v => v); break;
            case OnnxElementType.UInt8: Add(contents.UintContents, value.As<byte>(), v => v); break;
            case OnnxElementType.UInt16: Add(contents.UintContents, value.As<ushort>(), v => v); break;
            case OnnxElementType.UInt32: Add(contents.UintContents, value.As<uint>(), v => v); break;
            case OnnxElementType.UInt64: Add(contents.Uint64Contents, value.As<ulong>(), v => v); break;
            case OnnxElementType.Float: Add(contents.Fp32Contents, value.As<float>(), v => v); break;
            case OnnxElementType.Double: Add(contents.Fp64Contents, value.As<double>(), v => v); break;
            case OnnxElementType.String: contents.BytesContents.AddRange(value.Strings.Select(ByteString.CopyFromUtf8)); break;
            default: throw new OnnxException($"the output {value.Name} is {value.Type}, which the protocol cannot carry");
        }

        return contents;
    }

    private static void Add<T, TWire>(RepeatedField<TWire> to, ReadOnlySpan<T> values, Func<T, TWire> convert)
    {
        to.Capacity = values.Length;
        foreach (var value in values)
            to.Add(convert(value));
    }

    private static OnnxValue Of<TWire, T>(RepeatedField<TWire> given, Func<TWire, T> convert, InferenceCall call, int index, scoped ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var elements = call.Take<T>(index, Count(given.Count, call, index, shape));
        for (var i = 0; i < elements.Length; i++)
            elements[i] = convert(given[i]);
        return call.Value(index, elements, shape);
    }

    private static OnnxValue Texts(RepeatedField<ByteString> given, InferenceCall call, int index, scoped ReadOnlySpan<long> shape)
    {
        var texts = call.Take<string>(index, Count(given.Count, call, index, shape));
        try
        {
            for (var i = 0; i < texts.Length; i++)
                texts[i] = Strict.GetString(given[i].Span);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidRequestException($"the input {call.Inputs[index].Name}: an element is not valid UTF-8", error);
        }

        return OnnxValue.OfStrings(call.Inputs[index].Name, texts, shape.ToArray());
    }

    private static int Count(int given, InferenceCall call, int index, scoped ReadOnlySpan<long> shape)
    {
        var declared = call.Inputs[index];
        var count = TensorShape.Check(declared, shape, given, $"its contents for {declared.Datatype} have");
        return count == given ? count : throw new InvalidRequestException($"the input {declared.Name}: its shape means {count} elements, its contents for {declared.Datatype} have {given}");
    }

    private static T Narrow<T>(long value, InferenceCall call, int index)
        where T : System.Numerics.IBinaryInteger<T>
    {
        var narrow = T.CreateTruncating(value);
        return long.CreateChecked(narrow) == value ? narrow : throw new InvalidRequestException($"the input {call.Inputs[index].Name}: {value} is not a {call.Inputs[index].Datatype}");
    }
}
