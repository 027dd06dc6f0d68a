using System.Buffers;

namespace Ci.Onnx.Tests;

/// <summary>Values between processes.</summary>
public sealed class ValueWireTests
{
    public static TheoryData<OnnxValue> Values() => new(
        OnnxValue.Of("a", new float[] { 1.5f, float.NaN, -0f, float.PositiveInfinity }, 2, 2),
        OnnxValue.Of("a", new double[] { Math.PI }),
        OnnxValue.Of("a", new Half[] { (Half)0.5f, Half.MinValue }, 2),
        OnnxValue.Of("a", new[] { true, false, true }, 3, 1),
        OnnxValue.Of("a", new[] { long.MinValue, long.MaxValue }, 1, 2),
        OnnxValue.Of("a", new byte[] { 0, 255 }, 2),
        OnnxValue.Of("a", Array.Empty<int>(), 0, 5),
        OnnxValue.OfStrings("a", ["", "größer", "two\nlines"], 3));

    [Theory]
    [MemberData(nameof(Values))]
    public void What_was_written_is_read_again_and_every_truncation_is_refused(OnnxValue value)
    {
        var bytes = Written(value);
        ReadOnlySpan<byte> rest = bytes;
        var read = ValueWire.Read(ref rest, "b");
        Assert.Equal(0, rest.Length);
        Assert.Equal(("b", value.Type, value.Count), (read.Name, read.Type, read.Count));
        Assert.Equal(value.Shape, read.Shape);
        Assert.Equal(bytes, Written(read));
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.Throws<OnnxException>(() => Read(cut));
        }
    }

    [Fact]
    public void Random_bytes_are_refused_and_never_believed()
    {
        var (random, whole) = (new Random(9), Written(OnnxValue.Of("a", new float[] { 1, 2, 3, 4 }, 2, 2)));
        for (var round = 0; round < 2000; round++)
        {
            byte[] broken = [.. whole];
            for (var flips = 0; flips < 3; flips++)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            try
            {
                Assert.True(Read(broken).Count <= whole.Length);
            }
            catch (OnnxException)
            {
                // Refused: that is what should be.
            }
        }
    }

    private static OnnxValue Read(byte[] bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        return ValueWire.Read(ref rest, "x");
    }

    private static byte[] Written(OnnxValue value)
    {
        var to = new ArrayBufferWriter<byte>();
        ValueWire.Write(to, value);
        return to.WrittenSpan.ToArray();
    }
}
