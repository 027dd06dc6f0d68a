namespace Ci.Onnx;

/// <summary>What an <see cref="OnnxElementType"/> is called elsewhere and how large it is.</summary>
public static class ElementTypes
{
    private static readonly (OnnxElementType Type, string Datatype, int Size)[] Known =
    [
        (OnnxElementType.Float, "FP32", 4),
        (OnnxElementType.Double, "FP64", 8),
        (OnnxElementType.Float16, "FP16", 2),
        (OnnxElementType.BFloat16, "BF16", 2),
        (OnnxElementType.Int8, "INT8", 1),
        (OnnxElementType.Int16, "INT16", 2),
        (OnnxElementType.Int32, "INT32", 4),
        (OnnxElementType.Int64, "INT64", 8),
        (OnnxElementType.UInt8, "UINT8", 1),
        (OnnxElementType.UInt16, "UINT16", 2),
        (OnnxElementType.UInt32, "UINT32", 4),
        (OnnxElementType.UInt64, "UINT64", 8),
        (OnnxElementType.Bool, "BOOL", 1),
        (OnnxElementType.String, "BYTES", 0),
    ];

    /// <summary>The name in the Open Inference Protocol v2, e.g. <c>FP32</c>; null where that protocol has none.</summary>
    public static string? ToDatatype(this OnnxElementType type)
    {
        // A plain loop, as in SizeOf: the hot path's.
        foreach (var (known, datatype, _) in Known)
        {
            if (known == type)
                return datatype;
        }

        return null;
    }

    /// <summary>The type that an Open Inference Protocol datatype names; null for an unknown name. Case matters, as in the protocol.</summary>
    public static OnnxElementType? FromDatatype(string datatype)
    {
        var index = Array.FindIndex(Known, k => k.Datatype == datatype);
        return index < 0 ? null : Known[index].Type;
    }

    /// <summary>Bytes of one element; 0 for strings and for types that cannot be held.</summary>
    public static int SizeOf(this OnnxElementType type)
    {
        // A plain loop: this stands on the hot path, where a closure would allocate.
        foreach (var (known, _, size) in Known)
        {
            if (known == type)
                return size;
        }

        return 0;
    }

    /// <summary>The element type of a .NET type.</summary>
    /// <exception cref="OnnxException">No tensor can hold that type.</exception>
    public static OnnxElementType Of<T>()
    {
        if (typeof(T) == typeof(float)) return OnnxElementType.Float;
        if (typeof(T) == typeof(double)) return OnnxElementType.Double;
        if (typeof(T) == typeof(Half)) return OnnxElementType.Float16;
        if (typeof(T) == typeof(BFloat16)) return OnnxElementType.BFloat16;
        if (typeof(T) == typeof(sbyte)) return OnnxElementType.Int8;
        if (typeof(T) == typeof(short)) return OnnxElementType.Int16;
        if (typeof(T) == typeof(int)) return OnnxElementType.Int32;
        if (typeof(T) == typeof(long)) return OnnxElementType.Int64;
        if (typeof(T) == typeof(byte)) return OnnxElementType.UInt8;
        if (typeof(T) == typeof(ushort)) return OnnxElementType.UInt16;
        if (typeof(T) == typeof(uint)) return OnnxElementType.UInt32;
        if (typeof(T) == typeof(ulong)) return OnnxElementType.UInt64;
        if (typeof(T) == typeof(bool)) return OnnxElementType.Bool;
        if (typeof(T) == typeof(string)) return OnnxElementType.String;
        throw new OnnxException($"no tensor holds {typeof(T).Name}; use a number type, Half, BFloat16, bool or string");
    }

    /// <summary>A new array of <paramref name="count"/> elements of the .NET type that stands for <paramref name="type"/>.</summary>
    internal static Array NewArray(OnnxElementType type, int count) => type switch
    {
        OnnxElementType.Float => new float[count],
        OnnxElementType.Double => new double[count],
        OnnxElementType.Float16 => new Half[count],
        OnnxElementType.BFloat16 => new BFloat16[count],
        OnnxElementType.Int8 => new sbyte[count],
        OnnxElementType.Int16 => new short[count],
        OnnxElementType.Int32 => new int[count],
        OnnxElementType.Int64 => new long[count],
        OnnxElementType.UInt8 => new byte[count],
        OnnxElementType.UInt16 => new ushort[count],
        OnnxElementType.UInt32 => new uint[count],
        OnnxElementType.UInt64 => new ulong[count],
        OnnxElementType.Bool => new bool[count],
        OnnxElementType.String => new string[count],
        _ => throw new OnnxException($"tensors of {type} are not supported; cast them to FLOAT inside the model"),
    };
}
