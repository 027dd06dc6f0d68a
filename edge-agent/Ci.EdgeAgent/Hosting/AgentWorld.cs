using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Updates;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting.Services;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Hosting;

/// <summary>What the agent takes from outside; tests bring their own.</summary>
internal sealed record AgentWorld
{
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required TextWriter Log { get; init; }

    /// <summary>What may never be seen in the log, the status and the telemetry.</summary>
    public SecretMask Mask => field ??= SecretMask.Of(Environment);

    /// <summary>The log takes a line's priority from its head, as journald does.</summary>
    public bool LogTakesPriority { get; init; }

    /// <summary>Who starts and stops services by calls; null where signals do.</summary>
    public IServiceManager? Services { get; init; } = OperatingSystem.IsWindows() ? new WindowsServiceManager() : null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IDeviceFiles Files { get; init; } = DiskFiles.Instance;

    /// <summary>False where the models are only called from within this process: nothing is opened to the network.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>Hears of every event, after the log; null where nobody does.</summary>
    public Action<string, AgentEvent>? Told { get; init; }

    /// <summary>Null loads ONNX Runtime as configured.</summary>
    public Func<AgentConfiguration, IModelLoader>? Loader { get; init; }
}
