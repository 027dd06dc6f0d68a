namespace Ci.Releases.Tests;

public sealed class GoldenSetTests
{
    [Fact]
    public void It_reads_back_what_it_wrote_missing_values_too()
    {
        var golden = GoldenSet.Read(Examples.Golden().ToBytes());
        Assert.Equal([1, 2, double.NaN, 4], golden.Request.Inputs[0].Numbers());
        Assert.Equal([10, -20], golden.Expected("prediction")!.Numbers());
    }

    [Fact]
    public void A_float_survives_the_document_bit_by_bit()
    {
        float[] values = [0.1f, float.Epsilon, 16777217f, -1.17549435e-38f, 3.4028235e38f];
        var tensor = GoldenTensor.OfNumbers("x", "FP32", [5], Array.ConvertAll(values, value => (double)value));
        Assert.Equal(values, Array.ConvertAll(tensor.Numbers(), value => (float)value));
    }

    [Theory]
    [InlineData(10.0199, -20)]
    [InlineData(9.981, -20.029)]
    public void Values_within_the_tolerance_pass(double first, double second) =>
        Assert.True(Examples.Golden().CheckNumbers("prediction", [2, 1], [first, second]) > 0.01);

    [Theory]
    [InlineData(10.021, RefusalCode.GoldenMismatch)]
    [InlineData(double.NaN, RefusalCode.GoldenNonfinite)]
    [InlineData(double.PositiveInfinity, RefusalCode.GoldenNonfinite)]
    public void A_value_beyond_the_tolerance_is_refused(double value, RefusalCode code) =>
        Assert.Equal(code, Examples.Refused(() => Examples.Golden().CheckNumbers("prediction", [2, 1], [value, -20])).Code);

    [Fact]
    public void Another_shape_is_refused() =>
        Assert.Equal(RefusalCode.GoldenMismatch, Examples.Refused(() => Examples.Golden().CheckNumbers("prediction", [1, 2], [10, -20])).Code);

    [Fact]
    public void Integers_and_texts_must_be_equal()
    {
        var golden = Examples.Golden() with
        {
            Response = new GoldenResponse { Outputs = [GoldenTensor.OfNumbers("label", "INT64", [1], [3]), GoldenTensor.OfTexts("name", [1], ["a"])] },
            Tolerance = new Dictionary<string, ToleranceValue>
            {
                ["label"] = new() { Absolute = 5, Relative = 5 }, ["name"] = new() { Absolute = 0, Relative = 0 },
            },
        };
        Assert.Equal(0, golden.CheckNumbers("label", [1], [3]));
        Examples.Refused(() => golden.CheckNumbers("label", [1], [4]));
        golden.CheckTexts("name", [1], ["a"]);
        Examples.Refused(() => golden.CheckTexts("name", [1], ["b"]));
    }

    [Fact]
    public void A_golden_set_that_compares_nothing_is_refused() =>
        Assert.Contains("default", Examples.Refused(() => (Examples.Golden() with { Tolerance = new Dictionary<string, ToleranceValue>() }).ToBytes()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tensor_whose_data_do_not_fill_its_shape_is_refused()
    {
        var golden = Examples.Golden() with { Request = new GoldenRequest { Inputs = [GoldenTensor.OfNumbers("x", "FP32", [3], [1, 2])] } };
        Assert.Equal(RefusalCode.GoldenMalformed, Examples.Refused(() => golden.ToBytes()).Code);
    }
}
