using Ci.EdgeAgent.Generations;

namespace Ci.EdgeAgent.Status;

/// <summary>Where the update loop writes and the listener reads. Every change is one step; readers see a whole status.</summary>
internal sealed class ModelBoard(string name)
{
    private const int KeptEvents = 10;
    private readonly Lock gate = new();
    private ModelStatus status = new() { Name = name };

    public ModelStatus Status
    {
        get
        {
            lock (gate)
                return status;
        }
    }

    public string WhyNotServing => Status.WhyNot ?? "nothing has been released to this device yet";

    public void Change(Func<ModelStatus, ModelStatus> change)
    {
        lock (gate)
            status = change(status);
    }

    public void Add(AgentEvent happened) => Change(s => s with { Events = [.. s.Events.Append(happened).TakeLast(KeptEvents)] });

    /// <summary>The status with the serving generation's counters as they are now.</summary>
    public ModelStatus Read(Generation? current)
    {
        var seen = Status;
        if (current is null || seen.Serving is not { } serving || serving.Release != current.Release)
            return seen;
        var health = current.Health;
        return seen with
        {
            Serving = serving with
            {
                Requests = health.Requests,
                Errors = health.Errors,
                P50Ms = Finite(health.LatencyMs(0.5)),
                P95Ms = Finite(health.LatencyMs(0.95)),
            },
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
