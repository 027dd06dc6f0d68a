using System.Runtime.InteropServices;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests;

/// <summary>How much memory a load is taken to need.</summary>
[Collection(Alone.Name)]
public sealed class LoadMemoryTests
{
    private const long Mega = 1 << 20;

    [Fact]
    public void A_model_that_was_never_loaded_is_estimated_by_its_file_and_its_signed_limit()
    {
        var memory = new LoadMemory();
        Assert.False(memory.IsMeasured);
        Assert.Equal(300 * Mega, memory.Needed(100 * Mega, null));
        Assert.Equal(400 * Mega, memory.Needed(100 * Mega, 400 * Mega));
        Assert.Equal(600 * Mega, memory.Needed(100 * Mega, 1L << 40));
    }

    [Fact]
    public void What_a_load_held_for_a_moment_and_gave_back_is_what_the_next_one_needs_and_only_what_is_larger_is_estimated()
    {
        var memory = new LoadMemory();
        using var instance = memory.Measure(40 * Mega, () =>
        {
            Touch(64 * Mega);
            return new OnnxInstance(OnnxSession.Load(Support.Runtime, Support.Model("load-mlp-base.int8.onnx")));
        });
        Assert.True(memory.IsMeasured);
        var needed = memory.Needed(40 * Mega, null);
        Assert.InRange(needed, 60 * Mega, 110 * Mega);
        Assert.Equal(needed + (30 * Mega), memory.Needed(50 * Mega, null));

        // A cheaper load later does not forget the dearest: it may have found memory that was free in this process already.
        using var again = memory.Measure(40 * Mega, () => new OnnxInstance(OnnxSession.Load(Support.Runtime, Support.Model("load-mlp-base.int8.onnx"))));
        Assert.Equal(needed, memory.Needed(40 * Mega, null));
    }

    private static void Touch(long bytes)
    {
        var memory = Marshal.AllocHGlobal((nint)bytes);
        for (var at = 0L; at < bytes; at += 4096)
            Marshal.WriteByte((nint)(memory + at), 1);
        Marshal.FreeHGlobal(memory);
    }
}
