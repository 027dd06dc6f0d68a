using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Telemetry;
using Ci.EdgeAgent.Updates;
using Ci.Releases;

namespace Ci.EdgeAgent.Hosting;

/// <summary>One model of the agent: its slot, its update loop, its telemetry. Whatever goes wrong in here stays in here: other models go on.</summary>
internal sealed class ModelAgent(ModelRoom room, TelemetryReporter? reporter, AgentControl control, PollPace pace) : IDisposable
{
    private static readonly TimeSpan LookAtOrders = TimeSpan.FromSeconds(1);
    private readonly ModelReconciler reconciler = new(room);
    private readonly LoopPulse pulse = new(room.Time, TimeSpan.FromSeconds(room.Configuration.Health.StuckSeconds));
    private readonly OrderWatch orders = new(room, control);
    private bool started;
    private int failures;

    public ServedModel Served => room.Served;

    public ModelRoom Room => room;

    public TelemetryReporter? Reporter => reporter;

    /// <summary>Why the update loop counts as stuck; null while it turns.</summary>
    public string? Stuck => pulse.Stuck(reconciler.State);

    /// <summary>Whether no update is under way.</summary>
    public bool IsResting => TransitionTable.IsResting(reconciler.State);

    /// <summary>Serves what the disk holds. What goes wrong is told and tried again at the next look.</summary>
    public void Start()
    {
        try
        {
            reconciler.Start();
            started = true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Failed("starting", error);
        }
    }

    public async Task RunAsync(CancellationToken ct)
    {
        var telemetry = TelemetryAsync(ct);
        while (!ct.IsCancellationRequested)
        {
            pulse.Works();
            orders.Changed();
            await SafeTurnAsync(ct);
            var rest = pace.After(Math.Max(failures, reconciler.Failures));
            pulse.Rests(rest);
            await RestAsync(rest, ct);
        }

        await telemetry;
    }

    /// <summary>One look at the channel and what follows from it.</summary>
    public async Task TurnAsync(CancellationToken ct)
    {
        var recover = control.IsRecoveryAsked(room.Model);
        await reconciler.RunOnceAsync(control.IsPaused(room.Model), recover, ct);
        if (recover && reconciler.State != AgentState.SafeMode)
            control.RecoveryDone(room.Model);
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

    private async Task SafeTurnAsync(CancellationToken ct)
    {
        if (!started)
            Start();
        if (!started)
            return;
        try
        {
            await TurnAsync(ct);
            failures = 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Failed("updating", error);
        }
    }

    // An error that nobody foresaw: this model waits and tries again, and what serves goes on serving.
    private void Failed(string doing, Exception error)
    {
        failures++;
        room.Happened(TelemetryEventKind.State, $"{doing} failed unexpectedly ({error.GetType().Name}: {error.Message}); trying again later");
    }

    /// <summary>Waits for the next look, or until an operator asks for something.</summary>
    private async Task RestAsync(TimeSpan rest, CancellationToken ct)
    {
        for (var left = rest; left > TimeSpan.Zero; left -= LookAtOrders)
        {
            await Task.Delay(left < LookAtOrders ? left : LookAtOrders, room.Time, ct);
            if (orders.Changed())
                return;
        }
    }

    private async Task TelemetryAsync(CancellationToken ct)
    {
        try
        {
            if (reporter is not null)
                await reporter.RunAsync(ct);
        }
        catch (Exception error) when (error is not (OperationCanceledException or OutOfMemoryException))
        {
            room.Happened(TelemetryEventKind.State, $"telemetry ended unexpectedly ({error.GetType().Name}: {error.Message}); the model goes on");
        }
    }
}
