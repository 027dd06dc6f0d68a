using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class SessionTests
{
    [Fact]
    public void A_session_tells_the_models_signature_and_metadata()
    {
        var model = TestModels.AddWeights(1, 2, 3);
        model.Domain = "org.example";
        model.DocString = "adds";
        model.ModelVersion = 7;
        model.MetadataProps.Add(new StringStringEntryProto { Key = "mlops.target", Value = "загрузка" });
        using var session = OnnxSession.Load(Fixture.Runtime, model.ToByteArray());
        Assert.Equal("x: FP32 [-1,3]", session.Inputs[0].ToString());
        Assert.Equal(["N", ""], session.Inputs[0].SymbolicDimensions);
        Assert.Equal("y", session.Outputs[0].Name);
        Assert.Equal(("tests", "test", "org.example", "adds", 7L), (session.Description.Producer, session.Description.GraphName, session.Description.Domain, session.Description.Text, session.Description.Version));
        Assert.Equal("загрузка", session.Metadata["mlops.target"]);
        Assert.Equal("CPU", session.Provider);
        Assert.Null(session.ProviderFallbackReason);
    }

    [Fact]
    public void Wrong_inputs_are_refused_in_plain_words()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1, 2).ToByteArray());
        string Refusal(params OnnxValue[] inputs) => Assert.Throws<OnnxException>(() => session.Run(inputs)).Message;
        Assert.Contains("takes 1 inputs", Refusal());
        Assert.Contains("expected 'x', got 'z'", Refusal(OnnxValue.Of("z", new float[2], 1, 2)));
        Assert.Contains("takes Float elements, got Double", Refusal(OnnxValue.Of("x", new double[2], 1, 2)));
        Assert.Contains("[-1,2], got [1,3]", Refusal(OnnxValue.Of("x", new float[3], 1, 3)));
        Assert.Contains("[-1,2], got [2]", Refusal(OnnxValue.Of("x", new float[2], 2)));
    }

    [Fact]
    public void ONNX_Runtimes_own_words_reach_the_caller()
    {
        var model = TestModels.Of(TestModels.Node("NoSuchOperator", ["x"], ["y"]), [TestModels.Tensor("x", OnnxElementType.Float, 1)], [TestModels.Tensor("y", OnnxElementType.Float, 1)]);
        var error = Assert.Throws<OnnxRuntimeException>(() => OnnxSession.Load(Fixture.Runtime, model.ToByteArray()));
        Assert.Contains("NoSuchOperator", error.Message);
        Assert.NotEqual(OnnxErrorCode.Ok, error.Code);
    }

    [Theory]
    [InlineData("CUDA")]
    [InlineData("TensorRT")]
    [InlineData("NoSuchProvider")]
    public void A_provider_that_is_not_to_be_had_falls_back_to_the_processor_and_says_why(string provider)
    {
        var options = new SessionOptions { Providers = [provider, "CPU"] };
        using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model("breast-mlp-base"), options);

        // On a machine that has the device the provider itself must be in use; elsewhere the reason must name it.
        if (session.Provider == "CPU")
            Assert.StartsWith($"{provider}: ", session.ProviderFallbackReason, StringComparison.Ordinal);
        else
            Assert.Null(session.ProviderFallbackReason);
        Assert.Single(session.Run([Fixture.GoldenInput("breast-mlp-base")]));
    }

    [Fact]
    public void Every_option_gives_the_same_answer()
    {
        SessionOptions[] all =
        [
            new(),
            new() { UseGlobalThreadPool = true },
            new() { IntraOpThreads = 2, InterOpThreads = 2, AllowSpinning = true },
            new() { MemoryArena = false, MemoryPattern = false },
            new() { ShrinkArena = true, Optimization = GraphOptimization.None },
            new() { Entries = new Dictionary<string, string> { ["session.set_denormal_as_zero"] = "1" } },
        ];
        foreach (var options in all)
        {
            using var session = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1, 2).ToByteArray(), options);
            Assert.Equal([1f, 2f], session.Run([OnnxValue.Of("x", new float[2], 1, 2)])[0].As<float>().ToArray());
        }
    }

    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        var options = new SessionOptions { IntraOpThreads = -1, InterOpThreads = 5000, Providers = [] };
        var message = Assert.Throws<OnnxException>(() => OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1).ToByteArray(), options)).Message;
        Assert.Contains("IntraOpThreads", message);
        Assert.Contains("InterOpThreads", message);
        Assert.Contains("Providers", message);
    }

    [Fact]
    public void A_disposed_session_refuses_to_run()
    {
        var session = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1).ToByteArray());
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run([OnnxValue.Of("x", new float[1], 1, 1)]));
    }

    [Fact]
    public async Task Disposing_a_session_waits_for_its_running_calls()
    {
        var model = TestModels.MatMul(200);
        for (var round = 0; round < 5; round++)
        {
            var session = OnnxSession.Load(Fixture.Runtime, model);
            var input = OnnxValue.Of("x", new float[200 * 200], 200, 200);
            using var started = new CountdownEvent(4);
            var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => RunUntilDisposed(session, input, started))).ToArray();
            started.Wait();
            session.Dispose();
            var calls = await Task.WhenAll(callers);
            Assert.All(calls, count => Assert.True(count > 0));
        }
    }

    private static int RunUntilDisposed(OnnxSession session, OnnxValue input, CountdownEvent started)
    {
        for (var calls = 0; ; calls++)
        {
            try
            {
                Assert.Equal(200 * 200, session.Run([input])[0].Count);
            }
            catch (ObjectDisposedException)
            {
                return calls;
            }

            if (calls == 0)
                started.Signal();
        }
    }
}
