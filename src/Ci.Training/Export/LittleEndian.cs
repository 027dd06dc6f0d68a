using System.Buffers.Binary;

namespace Ci.Training.Export;

/// <summary>Tensors lie in ONNX files in little-endian order, whatever machine writes them.</summary>
internal static class LittleEndian
{
    public static byte[] Of(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }
}
