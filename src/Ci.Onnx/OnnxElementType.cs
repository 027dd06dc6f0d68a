namespace Ci.Onnx;

#pragma warning disable CA1720 // The names are the format's own.
/// <summary>The type of a tensor's elements; the numbers are those of ONNX (<c>TensorProto.DataType</c>) and ONNX Runtime alike.</summary>
public enum OnnxElementType
{
    Undefined = 0,

    /// <summary>32-bit IEEE floating point, <see cref="float"/>.</summary>
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,

    /// <summary>UTF-8 text.</summary>
    String = 8,
    Bool = 9,

    /// <summary>16-bit IEEE floating point, <see cref="Half"/>.</summary>
    Float16 = 10,

    /// <summary>64-bit IEEE floating point, <see cref="double"/>.</summary>
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,

    /// <summary>Known to the format, not to ONNX Runtime; refused with a message.</summary>
    Complex64 = 14,

    /// <summary>Known to the format, not to ONNX Runtime; refused with a message.</summary>
    Complex128 = 15,

    /// <summary>The upper half of a <see cref="float"/>; <see cref="Ci.Onnx.BFloat16"/> carries its bits.</summary>
    BFloat16 = 16,
}
