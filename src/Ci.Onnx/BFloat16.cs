namespace Ci.Onnx;

/// <summary>A bfloat16 number as its raw 16 bits: the upper half of an IEEE 754 single.</summary>
/// <param name="Bits">Sign, 8 exponent bits, 7 mantissa bits.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>The number itself; every bfloat16 is exactly a single.</summary>
    public float ToSingle() => BitConverter.UInt32BitsToSingle((uint)this.Bits << 16);

    /// <summary>The nearest bfloat16, ties to even; NaN stays NaN.</summary>
    public static BFloat16 FromSingle(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return new BFloat16((ushort)((bits >> 16) | 0x40));
        return new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }
}
