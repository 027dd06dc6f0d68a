namespace Ci.Onnx.Native;

/// <summary>Execution providers by short name. CUDA and TensorRT have calls of their own in every release since 1.12; all others go through
/// the generic one.</summary>
internal static unsafe class ExecutionProviders
{
    public const string Cpu = "CPU";

    private const string Suffix = "ExecutionProvider";

    public static string ShortName(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;

    public static bool IsCpu(string name) => string.Equals(ShortName(name), Cpu, StringComparison.OrdinalIgnoreCase);

    /// <summary>Appends a provider to session options; returns why it cannot be had, or null.</summary>
    public static string? TryAppend(OnnxRuntime runtime, nint sessionOptions, string provider, SessionOptions options)
    {
        var name = runtime.Providers.FirstOrDefault(p => string.Equals(p, ShortName(provider), StringComparison.OrdinalIgnoreCase));
        if (name is null)
            return $"this ONNX Runtime {runtime.Version} has only {string.Join(", ", runtime.Providers)}";
        var pairs = options.ProviderOptions.FirstOrDefault(p => string.Equals(ShortName(p.Key), name, StringComparison.OrdinalIgnoreCase)).Value
            ?? new Dictionary<string, string>(StringComparer.Ordinal);
        using var keys = new Utf8([.. pairs.Keys]);
        using var values = new Utf8([.. pairs.Values]);
        var api = runtime.Api;
        fixed (nint* k = keys.Pointers, v = values.Pointers)
        {
            return name.ToUpperInvariant() switch
            {
                "CUDA" => AppendCuda(api, sessionOptions, k, v, (nuint)pairs.Count),
                "TENSORRT" => AppendTensorRt(api, sessionOptions, k, v, (nuint)pairs.Count),
                _ => AppendByName(api, sessionOptions, name, k, v, (nuint)pairs.Count),
            };
        }
    }

    private static string? AppendByName(OrtApi api, nint sessionOptions, string name, nint* keys, nint* values, nuint count)
    {
        using var text = new Utf8(name, name + Suffix);
        var reason = api.TakeMessage(api.AppendProvider(sessionOptions, text[0], keys, values, count));
        if (reason is null)
            return null;

        // Some providers are known to the generic call by their long name only.
        return api.TakeMessage(api.AppendProvider(sessionOptions, text[1], keys, values, count)) is null ? null : reason;
    }

    private static string? AppendCuda(OrtApi api, nint sessionOptions, nint* keys, nint* values, nuint count)
    {
        nint own;
        if (api.TakeMessage(api.CreateCudaOptions(&own)) is { } reason)
            return reason;
        try
        {
            return (count == 0 ? null : api.TakeMessage(api.UpdateCudaOptions(own, keys, values, count)))
                ?? api.TakeMessage(api.AppendCuda(sessionOptions, own));
        }
        finally
        {
            api.ReleaseCudaOptions(own);
        }
    }

    private static string? AppendTensorRt(OrtApi api, nint sessionOptions, nint* keys, nint* values, nuint count)
    {
        nint own;
        if (api.TakeMessage(api.CreateTensorRtOptions(&own)) is { } reason)
            return reason;
        try
        {
            return (count == 0 ? null : api.TakeMessage(api.UpdateTensorRtOptions(own, keys, values, count)))
                ?? api.TakeMessage(api.AppendTensorRt(sessionOptions, own));
        }
        finally
        {
            api.ReleaseTensorRtOptions(own);
        }
    }
}
