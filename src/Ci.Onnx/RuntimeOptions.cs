namespace Ci.Onnx;

/// <summary>Settings of the whole process; whoever loads the library first decides.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Threads of the shared pool that one operator may use, for sessions with <see cref="SessionOptions.UseGlobalThreadPool"/>.
    /// 1 (the default) means the caller's own thread; 0 lets ONNX Runtime take one per core.</summary>
    public int GlobalIntraOpThreads { get; init; } = 1;

    /// <summary>Threads of the shared pool for operators side by side; counted like <see cref="GlobalIntraOpThreads"/>.</summary>
    public int GlobalInterOpThreads { get; init; } = 1;

    /// <summary>Idle threads of the shared pool burn the processor for a little less latency. Off: a device has better uses.</summary>
    public bool GlobalAllowSpinning { get; init; }

    /// <summary>Let official builds of ONNX Runtime report usage to their vendor, as they do by themselves. Off: what a device does is its owner's affair.</summary>
    public bool VendorTelemetry { get; init; }

    /// <summary>Takes ONNX Runtime's log lines, on any thread; what it throws is swallowed. Null (the default): no log at all.</summary>
    public Action<OnnxLogLevel, string>? Log { get; init; }

    /// <summary>The least severity that reaches <see cref="Log"/>.</summary>
    public OnnxLogLevel LogLevel { get; init; } = OnnxLogLevel.Warning;
}
