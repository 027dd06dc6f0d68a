using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class SessionCallerTests
{
    [Fact]
    public void It_answers_as_the_session_does_whatever_the_batch()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model("breast-mlp-base"));
        using var caller = new SessionCaller(session);
        foreach (var rows in new[] { 1, 4, 1, 2, 64, 3 })
        {
            var input = OnnxValue.Of("features", [.. Enumerable.Range(0, rows * 30).Select(i => i % 11 * 0.3f)], rows, 30);
            var (expected, actual) = (session.Run([input]), caller.Run([input]));
            Assert.Equal(expected.Select(v => (v.Name, v.Type, string.Join(',', v.Shape))), actual.Select(v => (v.Name, v.Type, string.Join(',', v.Shape))));
            Assert.Equal(expected.SelectMany(v => v.ToDoubles()), actual.SelectMany(v => v.ToDoubles()));
        }

        Assert.True(caller.KeptBytes > 0);
    }

    [Fact]
    public void Calls_of_one_batch_size_allocate_nothing()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model("breast-mlp-base"));
        using var caller = new SessionCaller(session);
        OnnxValue[] inputs = [OnnxValue.Of("features", new float[30], 1, 30)];
        for (var i = 0; i < 100; i++)
            caller.Run(inputs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            caller.Run(inputs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Text_sequences_and_shapes_that_follow_the_data_run_without_a_binding()
    {
        using var text = OnnxSession.Load(Fixture.Runtime, TestModels.Identity(OnnxElementType.String, "N"));
        using var textCaller = new SessionCaller(text);
        Assert.Equal(["a", "b"], textCaller.Run([OnnxValue.OfStrings("x", ["a", "b"], 2)])[0].Strings);

        var nonZero = TestModels.Of(TestModels.Node("NonZero", ["x"], ["y"]), [TestModels.Tensor("x", OnnxElementType.Float, "N")], [TestModels.Tensor("y", OnnxElementType.Int64, "R", "M")]);
        using var indices = OnnxSession.Load(Fixture.Runtime, nonZero.ToByteArray());
        using var caller = new SessionCaller(indices);
        foreach (var (data, found) in new[] { (new float[] { 0, 1, 1 }, 2), ([1, 1, 1], 3), ([0, 0, 1], 1) })
            Assert.Equal(found, caller.Run([OnnxValue.Of("x", data, 3)])[0].Count);
    }

    [Fact]
    public void What_does_not_fit_the_model_is_told_in_the_session_s_words()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model("breast-mlp-base"));
        using var caller = new SessionCaller(session);
        caller.Run([OnnxValue.Of("features", new float[30], 1, 30)]);
        Assert.Contains("takes Float elements", Assert.Throws<OnnxException>(() => caller.Run([OnnxValue.Of("features", new double[30], 1, 30)])).Message, StringComparison.Ordinal);
        Assert.Contains("takes the shape", Assert.Throws<OnnxException>(() => caller.Run([OnnxValue.Of("features", new float[29], 1, 29)])).Message, StringComparison.Ordinal);
        Assert.Contains("takes 1 inputs", Assert.Throws<OnnxException>(() => caller.Run([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caller_outlives_its_session_without_harm_and_holds_it_until_disposed()
    {
        var session = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1).ToByteArray());
        var caller = new SessionCaller(session);
        OnnxValue[] inputs = [OnnxValue.Of("x", new float[] { 2 }, 1, 1)];
        Assert.Equal(3, caller.Run(inputs)[0].As<float>()[0]);
        session.Dispose();
        caller.Dispose();
        Assert.Throws<ObjectDisposedException>(() => caller.Run(inputs));
    }
}
