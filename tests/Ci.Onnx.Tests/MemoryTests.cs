using Ci.Onnx.Native;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

/// <summary>
/// ONNX Runtime's own usage telemetry once left 1.9 KiB a loaded and 5.9 KiB a refused model behind; a C program with the same calls showed
/// the same, and ORT_DISABLE_TELEMETRY=1 ended it in both. The binding turns it off (Native/VendorTelemetry.cs), so nothing may be left now.
/// </summary>
public sealed class MemoryTests
{
    // The smallest thing that could leak is a status or a name: 32 bytes and more.
    private const double Allowed = 24;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Loading_and_unloading_gives_all_native_memory_back(bool arena)
    {
        var model = TestModels.MatMul(16);
        var options = new SessionOptions { MemoryArena = arena };
        var handles = OrtHandle.Live;
        var left = NativeHeap.BytesLeftByOne(150, () =>
        {
            using var session = OnnxSession.Load(Fixture.Runtime, model, options);
            using var binding = session.Bind(4);
            binding.Run();
        });
        Assert.InRange(left, 0, Allowed);
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
        var i = 0;
        Assert.InRange(
            NativeHeap.BytesLeftByOne(1500, () =>
            {
                session.Run([text]);
                zipMap.Run([scores]);
                floats.Run([scores]);
                binding.Rebind(1 + (i++ % 4));
                binding.Run();
            }),
            0,
            Allowed);
    }

    [Fact]
    public void Refused_models_leave_nothing_behind()
    {
        var model = TestModels.Of(TestModels.Node("NoSuchOperator", ["x"], ["y"]), [TestModels.Tensor("x", OnnxElementType.Float, 1)], [TestModels.Tensor("y", OnnxElementType.Float, 1)]).ToByteArray();
        var handles = OrtHandle.Live;
        var left = NativeHeap.BytesLeftByOne(150, () => Assert.Throws<OnnxRuntimeException>(() => OnnxSession.Load(Fixture.Runtime, model)));
        Assert.InRange(left, 0, Allowed);
        Assert.Equal(handles, OrtHandle.Live);
    }

    [Fact]
    public void Nothing_is_collected_for_the_vendor_of_ONNX_Runtime()
    {
        using (OnnxSession.Load(Fixture.Runtime, TestModels.MatMul(4)))
        {
            // Its telemetry keeps a log (mat-debug-PID.log) and a database (.onnxruntime/onnxruntime.db) open.
            var open = Directory.GetFiles("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "").ToList();
            Assert.NotEmpty(open);
            Assert.DoesNotContain(open, target => target.Contains("mat-debug", StringComparison.Ordinal) || target.Contains("onnxruntime.db", StringComparison.Ordinal));
        }
    }
}
