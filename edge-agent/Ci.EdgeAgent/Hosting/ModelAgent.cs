using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Telemetry;
using Ci.EdgeAgent.Updates;

namespace Ci.EdgeAgent.Hosting;

/// <summary>One model of the agent: its slot, its update loop, its telemetry.</summary>
internal sealed class ModelAgent(ModelRoom room, TelemetryReporter? reporter, AgentControl control, PollPace pace) : IDisposable
{
    private readonly ModelReconciler reconciler = new(room);

    public ServedModel Served => room.Served;

    public ModelRoom Room => room;

    public TelemetryReporter? Reporter => reporter;

    public void Start() => reconciler.Start();

    public async Task RunAsync(CancellationToken ct)
    {
        var telemetry = reporter?.RunAsync(ct) ?? Task.CompletedTask;
        while (!ct.IsCancellationRequested)
        {
            await TurnAsync(ct);
            await Task.Delay(pace.After(reconciler.Failures), room.Time, ct);
        }

        await telemetry;
    }

    /// <summary>One look at the channel and what follows from it.</summary>
    public async Task TurnAsync(CancellationToken ct)
    {
        var recover = control.IsRecoveryAsked;
        await reconciler.RunOnceAsync(control.IsPaused, recover, ct);
        if (recover && reconciler.State != AgentState.SafeMode)
            control.RecoveryDone();
    }

    /// <summary>After the loop ended and requests are drained.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        reconciler.Stop();
        if (reporter is not null)
            await reporter.FlushAsync(ct);
    }

    public void Dispose()
    {
        reconciler.Dispose();
        room.Served.Dispose();
        room.Store.Dispose();
    }
}
