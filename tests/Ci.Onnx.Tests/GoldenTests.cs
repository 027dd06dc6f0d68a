namespace Ci.Onnx.Tests;

public sealed class GoldenTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("breast-mlp-base")]
    [InlineData("wine-rfc-base")]
    [InlineData("load-mlp-base.int8")]
    public void A_model_answers_its_golden_request_as_recorded(string name)
    {
        using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model(name));
        var outputs = session.Run([Fixture.GoldenInput(name)]);
        var expected = Fixture.Golden(name)["response"]!["outputs"]!.AsArray();
        Assert.Equal(expected.Count, outputs.Count);
        for (var i = 0; i < outputs.Count; i++)
        {
            Assert.Equal((string)expected[i]!["name"]!, outputs[i].Name);
            Assert.Equal((string)expected[i]!["datatype"]!, outputs[i].Type.ToDatatype());
            Assert.Equal(Fixture.Shape(expected[i]!), outputs[i].Shape);
            AssertClose(Fixture.Floats(expected[i]!["data"]!), outputs[i]);
        }
    }

    [Theory]
    [InlineData("breast-mlp-base")]
    [InlineData("wine-rfc-base")]
    [InlineData("load-mlp-base.int8")]
    public void A_binding_answers_as_a_single_run_does(string name)
    {
        using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model(name));
        var input = Fixture.GoldenInput(name);
        var outputs = session.Run([input]);
        using var binding = session.Bind((int)input.Shape[0]);
        input.As<float>().CopyTo(binding.Input<float>(0));
        binding.Run();
        for (var i = 0; i < outputs.Count; i++)
        {
            Assert.Equal(outputs[i].Shape, binding.OutputShape(i).ToArray());
            if (outputs[i].Type == OnnxElementType.Float)
                Assert.Equal(outputs[i].As<float>(), binding.Output<float>(i));
            else
                Assert.Equal(outputs[i].As<long>(), binding.Output<long>(i));
        }
    }

    private static void AssertClose(float[] expected, OnnxValue actual)
    {
        var numbers = actual.ToDoubles();
        Assert.Equal(expected.Length, numbers.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = actual.Type == OnnxElementType.Int64 ? 0 : Tolerance + (Tolerance * Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - numbers[i]) <= allowed, $"{actual.Name}[{i}]: expected {expected[i]}, got {numbers[i]}");
        }
    }
}
