namespace Ci.Onnx.Native;

/// <summary>Creates native sessions: the first execution provider that works, the processor as the last resort.</summary>
internal static unsafe class SessionFactory
{
    public static (OrtHandle Session, string Provider, string? FallbackReason) Create(
        OnnxRuntime runtime, SessionSource source, SessionOptions options)
    {
        options.Validate();
        var failures = new List<string>();
        foreach (var wanted in options.Providers)
        {
            if (ExecutionProviders.IsCpu(wanted))
                break;
            var reason = TryCreate(runtime, source, options, wanted, out var session);
            if (reason is null)
                return (session!, ExecutionProviders.ShortName(wanted), Join(failures));
            failures.Add($"{wanted}: {reason}");
        }

        using var native = CreateOptions(runtime, options, source.Folder);
        nint made;
        runtime.Api.Check(Open(runtime, source, native, &made), $"loading {source.Name}");
        return (new OrtHandle(made, runtime.Api.ReleaseSession), ExecutionProviders.Cpu, Join(failures));
    }

    private static string? Join(List<string> failures) => failures.Count == 0 ? null : string.Join("; ", failures);

    private static string? TryCreate(
        OnnxRuntime runtime, SessionSource source, SessionOptions options, string provider, out OrtHandle? session)
    {
        session = null;
        using var native = CreateOptions(runtime, options, source.Folder);
        using (var lease = native.Take())
        {
            if (ExecutionProviders.TryAppend(runtime, lease.Value, provider, options) is { } reason)
                return reason;
        }

        nint made;
        var failure = runtime.Api.TakeMessage(Open(runtime, source, native, &made));
        if (failure is null)
            session = new OrtHandle(made, runtime.Api.ReleaseSession);
        return failure;
    }

    private static nint Open(OnnxRuntime runtime, SessionSource source, OrtHandle options, nint* session)
    {
        using var lease = options.Take();
        fixed (byte* bytes = source.Bytes)
            return runtime.Api.CreateSessionFromArray(runtime.Environment, bytes, (nuint)source.Bytes.Length, lease.Value, session);
    }

    private static OrtHandle CreateOptions(OnnxRuntime runtime, SessionOptions options, string? folder)
    {
        const string Doing = "setting the session's options";
        var api = runtime.Api;
        nint made;
        api.Check(api.CreateSessionOptions(&made), Doing);
        var handle = new OrtHandle(made, api.ReleaseSessionOptions);
        try
        {
            api.Check(api.SetSessionGraphOptimizationLevel(made, (int)options.Optimization), Doing);
            if (options.UseGlobalThreadPool)
                api.Check(api.DisablePerSessionThreads(made), Doing);
            else
                api.Check(api.SetIntraOpNumThreads(made, options.IntraOpThreads), Doing);
            if (options.InterOpThreads != 1 && !options.UseGlobalThreadPool)
            {
                api.Check(api.SetSessionExecutionMode(made, 1), Doing);
                api.Check(api.SetInterOpNumThreads(made, options.InterOpThreads), Doing);
            }

            if (!options.MemoryArena)
                api.Check(api.DisableCpuMemArena(made), Doing);
            if (!options.MemoryPattern)
                api.Check(api.DisableMemPattern(made), Doing);
            AddEntry(api, made, "session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
            AddEntry(api, made, "session.inter_op.allow_spinning", options.AllowSpinning ? "1" : "0");
            foreach (var (key, value) in options.Entries)
                AddEntry(api, made, key, value);
            if (folder is not null)
                AddEntry(api, made, "session.model_external_initializers_file_folder_path", folder);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void AddEntry(OrtApi api, nint options, string key, string value)
    {
        using var texts = new Utf8(key, value);
        api.Check(api.AddSessionConfigEntry(options, texts[0], texts[1]), $"setting the session's option {key}");
    }
}
