namespace Ci.Onnx.Native;

/// <summary>Settings of one run.</summary>
internal static unsafe class RunSettings
{
    public static OrtHandle Create(OnnxRuntime runtime, SessionOptions options)
    {
        nint made;
        runtime.Api.Check(runtime.Api.CreateRunOptions(&made), "setting the run's options");
        var handle = new OrtHandle(made, runtime.Api.ReleaseRunOptions);
        if (!options.ShrinkArena || !options.MemoryArena)
            return handle;
        using var texts = new Utf8("memory.enable_memory_arena_shrinkage", "cpu:0");
        var status = runtime.Api.AddRunConfigEntry(made, texts[0], texts[1]);
        if (status != 0)
            handle.Dispose();
        runtime.Api.Check(status, "setting the run's options");
        return handle;
    }
}
