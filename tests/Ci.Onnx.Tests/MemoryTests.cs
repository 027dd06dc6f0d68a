using System.Globalization;
using Ci.Onnx.Native;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class MemoryTests
{
    // A leak of 1 KiB a round would show as 4 MiB or more; the heap's own noise is below that.
    private const long AllowedGrowth = 3 << 20;

    [Fact]
    public void Loading_and_unloading_gives_all_native_memory_back()
    {
        var model = TestModels.MatMul(256);
        var options = new SessionOptions { MemoryArena = false };
        void Round(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                using var session = OnnxSession.Load(Fixture.Runtime, model, options);
                using var binding = session.Bind(4);
                binding.Run();
            }
        }

        // The model weighs 256 KiB: a thousand leaked sessions would be 256 MiB.
        Round(10);
        var handles = OrtHandle.Live;
        Assert.InRange(Growth(() => Round(300), () => Round(1000)), long.MinValue, AllowedGrowth * 4);
        Assert.Equal(handles, OrtHandle.Live);
    }

    [Fact]
    public void Many_thousand_runs_leave_nothing_behind()
    {
        using var session = OnnxSession.Load(Fixture.Runtime, TestModels.Identity(OnnxElementType.String, "N"));
        using var zipMap = OnnxSession.Load(Fixture.Runtime, TestModels.ZipMap("a", "b"));
        using var floats = OnnxSession.Load(Fixture.Runtime, TestModels.AddWeights(1, 2).ToByteArray());
        using var binding = floats.Bind(4);
        var text = OnnxValue.OfStrings("x", [new string('x', 300), "b"], 2);
        var scores = OnnxValue.Of("x", new float[8], 4, 2);
        void Round(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                session.Run([text]);
                zipMap.Run([scores]);
                floats.Run([scores]);
                binding.Rebind(1 + (i % 4));
                binding.Run();
            }
        }

        Assert.InRange(Growth(() => Round(1500), () => Round(6000)), long.MinValue, AllowedGrowth);
    }

    [Fact]
    public void Refused_models_leave_nothing_behind()
    {
        var model = TestModels.Of(TestModels.Node("NoSuchOperator", ["x"], ["y"]), [TestModels.Tensor("x", OnnxElementType.Float, 1)], [TestModels.Tensor("y", OnnxElementType.Float, 1)]).ToByteArray();
        void Round(int rounds)
        {
            for (var i = 0; i < rounds; i++)
                Assert.Throws<OnnxRuntimeException>(() => OnnxSession.Load(Fixture.Runtime, model));
        }

        // ONNX Runtime's own heap keeps a few KiB a refused model (seen without this binding too), so handles are counted here.
        Round(10);
        var before = OrtHandle.Live;
        Round(500);
        Assert.Equal(before, OrtHandle.Live);
    }

    /// <summary>Bytes of private memory, less the managed heap, that the work leaves after the warm-up.</summary>
    private static long Growth(Action warmUp, Action work)
    {
        warmUp();
        var before = NativeBytes();
        work();
        return NativeBytes() - before;
    }

    private static long NativeBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        var kilobytes = long.Parse(line.AsSpan(8).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
        return (kilobytes * 1024) - GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
    }
}
