using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class ValueTests
{
    [Fact]
    public void Every_numeric_type_passes_through_unchanged()
    {
        PassesThrough(float.MinValue, -0.0f, float.NaN, float.PositiveInfinity);
        PassesThrough(double.MinValue, double.Epsilon, double.NaN, 0.1);
        PassesThrough(Half.MaxValue, Half.NaN, (Half)0.5, Half.Epsilon);
        PassesThrough(BFloat16.FromSingle(1.5f), new BFloat16(0x7FC0), new BFloat16(0x8000), BFloat16.FromSingle(3e38f));
        PassesThrough(sbyte.MinValue, sbyte.MaxValue, (sbyte)0, (sbyte)-1);
        PassesThrough(short.MinValue, short.MaxValue, (short)0, (short)-1);
        PassesThrough(int.MinValue, int.MaxValue, 0, -1);
        PassesThrough(long.MinValue, long.MaxValue, 0, -1);
        PassesThrough(byte.MinValue, byte.MaxValue, (byte)7, (byte)8);
        PassesThrough(ushort.MinValue, ushort.MaxValue, (ushort)7, (ushort)8);
        PassesThrough(uint.MinValue, uint.MaxValue, 7u, 8u);
        PassesThrough(ulong.MinValue, ulong.MaxValue, 7ul, 8ul);
        PassesThrough(true, false, false, true);
    }

    [Fact]
    public void Texts_pass_through_unchanged()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.Identity(OnnxElementType.String, "N", 2));
        string[] texts = ["", "grün", "电力", "a\nb", new string('x', 5000), "🙂"];
        var output = session.Run([OnnxValue.OfStrings("x", texts, 3, 2)])[0];
        Assert.Equal(texts, output.Strings);
        Assert.Equal([3L, 2], output.Shape);
    }

    [Fact]
    public void An_empty_text_tensor_passes_through()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.Identity(OnnxElementType.String, "N", 2));
        Assert.Empty(session.Run([OnnxValue.OfStrings("x", [], 0, 2)])[0].Strings);
    }

    [Fact]
    public void A_text_with_a_NUL_is_refused_instead_of_cut()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.Identity(OnnxElementType.String, 1));
        Assert.Contains("NUL", Assert.Throws<OnnxException>(() => session.Run([OnnxValue.OfStrings("x", ["a\0b"], 1)])).Message);
    }

    [Fact]
    public void A_sequence_of_maps_is_read()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.ZipMap("low", "high"));
        Assert.Equal(OnnxValueKind.Sequence, session.Outputs[0].Kind);
        var output = session.Run([OnnxValue.Of("x", [0.25f, 0.75f, 1f, 0f], 2, 2)])[0];
        Assert.Equal(OnnxValueKind.Sequence, output.Kind);
        Assert.Equal(2, output.Items.Count);
        Assert.Equal(OnnxValueKind.Map, output.Items[0].Kind);
        var first = output.Items[0].Items[0].Strings.Zip(output.Items[0].Items[1].As<float>().ToArray()).ToDictionary();
        Assert.Equal(0.25f, first["low"]);
        Assert.Equal(0.75f, first["high"]);
        Assert.Contains("Sequence", Assert.Throws<OnnxException>(() => output.As<float>()).Message);
    }

    [Fact]
    public void A_shape_that_does_not_fit_the_data_is_refused()
    {
        Assert.Contains("means 4 elements, but 3", Assert.Throws<OnnxException>(() => OnnxValue.Of("x", new float[3], 2, 2)).Message);
        Assert.Throws<OnnxException>(() => OnnxValue.Of("x", new float[1], -1));
        Assert.Throws<OnnxException>(() => OnnxValue.Of("x", new decimal[1], 1));
    }

    [Fact]
    public void Elements_are_given_only_as_what_they_are()
    {
        var value = OnnxValue.Of("x", new uint[] { 1 }, 1);
        Assert.Throws<OnnxException>(() => value.As<int>());
        Assert.Throws<OnnxException>(() => value.Strings);
        Assert.Equal([4294967295.0], OnnxValue.Of("x", new[] { uint.MaxValue }, 1).ToDoubles());
        Assert.Equal([1.0, 0.0], OnnxValue.Of("x", new[] { true, false }, 2).ToDoubles());
    }

    [Theory]
    [InlineData(1.0f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(float.NegativeInfinity, 0xFF80)]
    public void A_bfloat16_is_the_nearest_with_ties_to_even(float number, int bits) =>
        Assert.Equal(bits, BFloat16.FromSingle(number).Bits);

    private static void PassesThrough<T>(params T[] values)
        where T : unmanaged
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.Identity(ElementTypes.Of<T>(), "N", 2));
        Assert.Equal(ElementTypes.Of<T>(), session.Inputs[0].ElementType);
        var output = session.Run([OnnxValue.Of("x", values, 2, 2)])[0];
        Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()), System.Runtime.InteropServices.MemoryMarshal.AsBytes(output.As<T>()));
        using var binding = session.Bind(2);
        values.CopyTo(binding.Input<T>(0));
        binding.Run();
        Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()), System.Runtime.InteropServices.MemoryMarshal.AsBytes(binding.Output<T>(0)));
    }
}
