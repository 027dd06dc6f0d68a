namespace Ci.Onnx;

/// <summary>Settings of one session. The defaults suit a small model on a small device: one thread, nothing spins.</summary>
public sealed record SessionOptions
{
    /// <summary>Execution providers by short name (<c>CPU</c>, <c>CUDA</c>, <c>TensorRT</c>, <c>XNNPACK</c>, …), most wanted first. The first that
    /// works is used, CPU as the last resort; <see cref="OnnxSession.ProviderFallbackReason"/> says why an earlier one was not.</summary>
    public IReadOnlyList<string> Providers { get; init; } = ["CPU"];

    /// <summary>A provider's own options, by its short name, as ONNX Runtime documents them (CUDA: <c>device_id</c>, <c>gpu_mem_limit</c>, …).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ProviderOptions { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Threads that one operator may use, 0 to 1024; 0 means one per core.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Operators that may run side by side, 0 to 1024; above 1 the graph runs in parallel mode.</summary>
    public int InterOpThreads { get; init; } = 1;

    /// <summary>Idle threads burn the processor for a little less latency.</summary>
    public bool AllowSpinning { get; init; }

    /// <summary>How much the graph is rewritten.</summary>
    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>Use the process's shared threads (<see cref="RuntimeOptions"/>) instead of own ones.</summary>
    public bool UseGlobalThreadPool { get; init; }

    /// <summary>Keep freed memory in an arena for the next run. Off returns it at once: slower, smaller.</summary>
    public bool MemoryArena { get; init; } = true;

    /// <summary>Plan memory by the shapes of earlier runs. Off suits batches of ever-changing size.</summary>
    public bool MemoryPattern { get; init; } = true;

    /// <summary>Give unused arena memory back after every run of a binding or session.</summary>
    public bool ShrinkArena { get; init; }

    /// <summary>Further session entries as ONNX Runtime documents them, such as <c>session.set_denormal_as_zero</c>.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>All that is wrong with these options, in one message.</summary>
    /// <exception cref="OnnxException">An option is out of its range.</exception>
    internal void Validate()
    {
        var errors = new List<string>();
        if (this.IntraOpThreads is < 0 or > 1024)
            errors.Add($"IntraOpThreads is {this.IntraOpThreads}, not from 0 to 1024");
        if (this.InterOpThreads is < 0 or > 1024)
            errors.Add($"InterOpThreads is {this.InterOpThreads}, not from 0 to 1024");
        if (!Enum.IsDefined(this.Optimization))
            errors.Add($"Optimization {(int)this.Optimization} is none of None, Basic, Extended, All");
        if (this.Providers.Count == 0)
            errors.Add("Providers is empty; name at least CPU");
        if (errors.Count > 0)
            throw new OnnxException($"session options: {string.Join("; ", errors)}");
    }
}
