using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class BindingTests
{
    [Fact]
    public void A_bound_call_allocates_no_managed_memory()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model("breast-mlp-base"));
        using var binding = session.Bind();
        binding.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            binding.Input<float>(0)[0] = i;
            binding.Run();
            _ = binding.Output<float>(0)[0];
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Changing_to_a_smaller_batch_allocates_no_managed_memory()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1, 2).ToByteArray());
        using var binding = session.Bind(8);
        binding.Rebind(3);
        binding.Run();
        binding.Rebind(8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var batch = 1; batch <= 8; batch++)
        {
            binding.Rebind(batch);
            binding.Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_batch_may_change_either_way()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1, 2).ToByteArray());
        using var binding = session.Bind();
        foreach (var batch in new[] { 4, 1, 300, 7 })
        {
            binding.Rebind(batch);
            Assert.Equal([batch, 2L], binding.OutputShape(0).ToArray());
            binding.Input<float>(0).Fill(batch);
            binding.Run();
            Assert.Equal(batch * 2, binding.Output<float>(0).Length);
            Assert.Equal([batch + 1f, batch + 2f], binding.Output<float>(0)[^2..].ToArray());
        }
    }

    [Fact]
    public void A_binding_outlives_the_disposal_of_its_session()
    {
        var session = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1).ToByteArray());
        var binding = session.Bind();
        session.Dispose();
        binding.Input<float>(0)[0] = 1;
        binding.Run();
        Assert.Equal(2, binding.Output<float>(0)[0]);
        binding.Dispose();
        Assert.Throws<ObjectDisposedException>(binding.Run);
        Assert.Throws<ObjectDisposedException>(() => binding.Rebind(2));
        Assert.Equal(2, binding.Output<float>(0)[0]);
    }

    [Fact]
    public async Task Two_callers_at_once_are_refused()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.MatMul(300));
        using var binding = session.Bind(300);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        int Collide()
        {
            while (!limit.IsCancellationRequested)
            {
                try
                {
                    binding.Run();
                }
                catch (InvalidOperationException)
                {
                    limit.Cancel();
                    return 1;
                }
            }

            return 0;
        }

        var refused = await Task.WhenAll(Task.Run(Collide), Task.Run(Collide));
        Assert.True(refused.Sum() >= 1);
        binding.Run();
    }

    [Fact]
    public void Open_dimensions_of_an_output_are_learnt_by_a_run()
    {
        var model = TestModels.Of(TestModels.Node("Transpose", ["x"], ["y"]), [TestModels.Tensor("x", OnnxElementType.Float, 2, "K")], [TestModels.Tensor("y", OnnxElementType.Float, "A", "B")]);
        using var session = OnnxSession.Load(Fixture.Runtime, model.ToByteArray());
        Assert.Contains("give its whole shape", Assert.Throws<OnnxException>(() => session.Bind()).Message);
        using var binding = session.Bind(3, new Dictionary<string, long[]> { ["x"] = [2, 3] });
        Assert.Equal([3L, 2], binding.OutputShape(0).ToArray());
        float[] values = [1, 2, 3, 4, 5, 6];
        values.CopyTo(binding.Input<float>(0));
        binding.Run();
        Assert.Equal([1f, 4, 2, 5, 3, 6], binding.Output<float>(0).ToArray());
    }

    [Fact]
    public void What_cannot_be_bound_is_refused_in_plain_words()
    {
        using var zipMap = OnnxSession.Load(Fixture.Runtime, TestModels.ZipMap("a", "b"));
        Assert.Contains("use Run", Assert.Throws<OnnxException>(() => zipMap.Bind()).Message);
        using var texts = OnnxSession.Load(Fixture.Runtime, TestModels.Identity(OnnxElementType.String, 1));
        Assert.Contains("use Run", Assert.Throws<OnnxException>(() => texts.Bind()).Message);
        using var adds = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1).ToByteArray());
        Assert.Contains("no input 'z'", Assert.Throws<OnnxException>(() => adds.Bind(1, new Dictionary<string, long[]> { ["z"] = [1] })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => adds.Bind(0));
        using var binding = adds.Bind();
        Assert.Throws<OnnxException>(() => binding.Input<double>(0).Length);
    }
}
