using System.Runtime.InteropServices;
using System.Text;

namespace Ci.Onnx.Native;

/// <summary>Copies native values into managed ones: tensors, and the sequences and maps that ZipMap makes.</summary>
internal static unsafe class ValueReader
{
    // ONNX-ML nests a sequence of maps of tensors; anything deeper is an attack or a mistake.
    private const int MaxDepth = 8;

    public static OnnxValue Read(OnnxRuntime runtime, nint value, string name, int depth = 0)
    {
        var api = runtime.Api;
        int kind;
        api.Check(api.GetValueType(value, &kind), $"reading output '{name}'");
        if (depth > MaxDepth)
            throw new OnnxException($"output '{name}' nests sequences or maps deeper than {MaxDepth}");
        return (OnnxValueKind)kind switch
        {
            OnnxValueKind.Tensor => ReadTensor(api, value, name),
            OnnxValueKind.Sequence => ReadItems(runtime, value, name, OnnxValueKind.Sequence, depth),
            OnnxValueKind.Map => ReadItems(runtime, value, name, OnnxValueKind.Map, depth),
            var other => throw new OnnxException(
                $"output '{name}' is of kind {other}, which is not supported; end the model in a dense tensor, sequence or map"),
        };
    }

    private static OnnxValue ReadItems(OnnxRuntime runtime, nint value, string name, OnnxValueKind kind, int depth)
    {
        nuint count;
        runtime.Api.Check(runtime.Api.GetValueCount(value, &count), $"reading output '{name}'");
        var items = new OnnxValue[(int)count];
        for (var i = 0; i < items.Length; i++)
        {
            nint item;
            runtime.Api.Check(runtime.Api.GetValue(value, i, runtime.Allocator, &item), $"reading output '{name}'");
            try
            {
                items[i] = Read(runtime, item, depth == 0 ? $"{name}[{i}]" : name, depth + 1);
            }
            finally
            {
                runtime.Api.ReleaseValue(item);
            }
        }

        return OnnxValue.Container(name, kind, items);
    }

    private static OnnxValue ReadTensor(OrtApi api, nint value, string name)
    {
        nint info;
        api.Check(api.GetTensorTypeAndShape(value, &info), $"reading output '{name}'");
        OnnxElementType type;
        long[] shape;
        nuint count;
        using (new OrtHandle(info, api.ReleaseTensorTypeAndShapeInfo))
        {
            (type, shape, _) = SessionReader.Tensor(api, info);
            api.Check(api.GetTensorShapeElementCount(info, &count), $"reading output '{name}'");
        }

        if (count > (nuint)Array.MaxLength)
            throw new OnnxException($"output '{name}' has {count} elements; at most {Array.MaxLength} fit into one array");
        if (type == OnnxElementType.String)
            return OnnxValue.Tensor(name, type, ReadStrings(api, value, name, (int)count), shape);
        var data = ElementTypes.NewArray(type, (int)count);
        void* source;
        api.Check(api.GetTensorMutableData(value, &source), $"reading output '{name}'");
        fixed (byte* target = &MemoryMarshal.GetArrayDataReference(data))
        {
            var bytes = (ulong)data.Length * (ulong)type.SizeOf();
            Buffer.MemoryCopy(source, target, bytes, bytes);
        }

        return OnnxValue.Tensor(name, type, data, shape);
    }

    private static string[] ReadStrings(OrtApi api, nint value, string name, int count)
    {
        var texts = new string[count];
        if (count == 0)
            return texts;
        nuint length;
        api.Check(api.GetStringTensorDataLength(value, &length), $"reading output '{name}'");
        var bytes = new byte[checked((int)length)];
        var offsets = new nuint[count];
        fixed (byte* b = bytes)
        fixed (nuint* o = offsets)
        {
            byte none;
            api.Check(api.GetStringTensorContent(value, b is null ? &none : b, length, o, (nuint)count), $"reading output '{name}'");
        }

        for (var i = 0; i < count; i++)
        {
            var from = (int)offsets[i];
            var to = i + 1 < count ? (int)offsets[i + 1] : bytes.Length;
            texts[i] = Encoding.UTF8.GetString(bytes, from, to - from);
        }

        return texts;
    }
}
