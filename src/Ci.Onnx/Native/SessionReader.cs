using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>Reads what a native session says about itself.</summary>
internal static unsafe class SessionReader
{
    private const string Doing = "reading the model's signature";

    public static TensorInfo[] Inputs(OnnxRuntime runtime, nint session)
    {
        nuint count;
        runtime.Api.Check(runtime.Api.SessionGetInputCount(session, &count), Doing);
        var infos = new TensorInfo[(int)count];
        for (nuint i = 0; i < count; i++)
        {
            nint name;
            nint type;
            runtime.Api.Check(runtime.Api.SessionGetInputName(session, i, runtime.Allocator, &name), Doing);
            var text = TakeText(runtime, name);
            runtime.Api.Check(runtime.Api.SessionGetInputTypeInfo(session, i, &type), Doing);
            infos[i] = TakeType(runtime.Api, text, type);
        }

        return infos;
    }

    public static TensorInfo[] Outputs(OnnxRuntime runtime, nint session)
    {
        nuint count;
        runtime.Api.Check(runtime.Api.SessionGetOutputCount(session, &count), Doing);
        var infos = new TensorInfo[(int)count];
        for (nuint i = 0; i < count; i++)
        {
            nint name;
            nint type;
            runtime.Api.Check(runtime.Api.SessionGetOutputName(session, i, runtime.Allocator, &name), Doing);
            var text = TakeText(runtime, name);
            runtime.Api.Check(runtime.Api.SessionGetOutputTypeInfo(session, i, &type), Doing);
            infos[i] = TakeType(runtime.Api, text, type);
        }

        return infos;
    }

    public static ModelDescription Description(OnnxRuntime runtime, nint session)
    {
        nint made;
        runtime.Api.Check(runtime.Api.SessionGetModelMetadata(session, &made), Doing);
        using var handle = new OrtHandle(made, runtime.Api.ReleaseModelMetadata);
        nint producer;
        nint graph;
        nint domain;
        nint description;
        long version;
        runtime.Api.Check(runtime.Api.ModelMetadataGetProducerName(made, runtime.Allocator, &producer), Doing);
        var producerText = TakeText(runtime, producer);
        runtime.Api.Check(runtime.Api.ModelMetadataGetGraphName(made, runtime.Allocator, &graph), Doing);
        var graphText = TakeText(runtime, graph);
        runtime.Api.Check(runtime.Api.ModelMetadataGetDomain(made, runtime.Allocator, &domain), Doing);
        var domainText = TakeText(runtime, domain);
        runtime.Api.Check(runtime.Api.ModelMetadataGetDescription(made, runtime.Allocator, &description), Doing);
        var descriptionText = TakeText(runtime, description);
        runtime.Api.Check(runtime.Api.ModelMetadataGetVersion(made, &version), Doing);
        return new ModelDescription(producerText, graphText, domainText, descriptionText, version, Custom(runtime, made));
    }

    /// <summary>The shape and element type of a tensor's description; the description stays the caller's.</summary>
    public static (OnnxElementType Type, long[] Shape, string[] Symbols) Tensor(OrtApi api, nint info)
    {
        int type;
        nuint rank;
        api.Check(api.GetTensorElementType(info, &type), Doing);
        api.Check(api.GetDimensionsCount(info, &rank), Doing);
        var shape = new long[(int)rank];
        var symbols = new nint[(int)rank];
        fixed (long* dimensions = shape)
        fixed (nint* names = symbols)
        {
            if (rank > 0)
            {
                api.Check(api.GetDimensions(info, dimensions, rank), Doing);
                api.Check(api.GetSymbolicDimensions(info, names, rank), Doing);
            }
        }

        return ((OnnxElementType)type, shape, Array.ConvertAll(symbols, s => Marshal.PtrToStringUTF8(s) ?? ""));
    }

    private static TensorInfo TakeType(OrtApi api, string name, nint typeInfo)
    {
        using var handle = new OrtHandle(typeInfo, api.ReleaseTypeInfo);
        int kind;
        api.Check(api.GetOnnxTypeFromTypeInfo(typeInfo, &kind), Doing);
        if (kind != (int)OnnxValueKind.Tensor)
            return new TensorInfo(name, OnnxElementType.Undefined, [], (OnnxValueKind)kind, []);
        nint tensor;
        api.Check(api.CastTypeInfoToTensorInfo(typeInfo, &tensor), Doing);
        var (type, shape, symbols) = Tensor(api, tensor);
        return new TensorInfo(name, type, shape, OnnxValueKind.Tensor, symbols);
    }

    private static Dictionary<string, string> Custom(OnnxRuntime runtime, nint metadata)
    {
        nint keys = 0;
        long count;
        runtime.Api.Check(runtime.Api.ModelMetadataGetKeys(metadata, runtime.Allocator, &keys, &count), Doing);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = TakeText(runtime, ((nint*)keys)[i]);
            using var text = new Utf8(key);
            nint value;
            runtime.Api.Check(runtime.Api.ModelMetadataLookup(metadata, runtime.Allocator, text[0], &value), Doing);
            map[key] = TakeText(runtime, value);
        }

        if (keys != 0)
            runtime.Api.Check(runtime.Api.AllocatorFree(runtime.Allocator, keys), Doing);
        return map;
    }

    /// <summary>Copies a text that ONNX Runtime allocated, and frees it; "" for null.</summary>
    private static string TakeText(OnnxRuntime runtime, nint text)
    {
        if (text == 0)
            return "";
        var copy = Marshal.PtrToStringUTF8(text) ?? "";
        runtime.Api.Check(runtime.Api.AllocatorFree(runtime.Allocator, text), Doing);
        return copy;
    }
}
