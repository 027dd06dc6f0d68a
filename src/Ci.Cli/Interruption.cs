using System.Runtime.InteropServices;

namespace Ci.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and a terminal that goes away. The first signal asks the verb to stop, and gives it time; a second one says that there is
/// none. A verb that stops for neither is left behind.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // A stage's commands get ten seconds to end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource again = new();
    private readonly TaskCompletionSource<int> forced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly List<ITimer> timers = [];
    private readonly TimeProvider time;
    private int count;

    public Interruption(TimeProvider time)
    {
        this.time = time;
        foreach (var signal in OperatingSystem.IsWindows() ? new[] { PosixSignal.SIGINT } : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            this.registrations.Add(PosixSignalRegistration.Create(signal, this.Came));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => this.stop.Token;

    /// <summary>Cancelled by the second.</summary>
    public CancellationToken Again => this.again.Token;

    /// <summary>The signal that came last; SIGTERM when none did.</summary>
    public PosixSignal Last { get; private set; } = PosixSignal.SIGTERM;

    /// <summary>Ends with the exit code when the verb does not stop in time.</summary>
    public Task<int> Forced => this.forced.Task;

    public void Dispose()
    {
        this.registrations.ForEach(r => r.Dispose());
        lock (this.timers)
            this.timers.ForEach(t => t.Dispose());
        this.stop.Dispose();
        this.again.Dispose();
    }

    private void Came(PosixSignalContext signal)
    {
        signal.Cancel = true;
        var first = Interlocked.Increment(ref this.count) == 1;
        this.Last = signal.Signal;
        lock (this.timers)
            this.timers.Add(this.time.CreateTimer(_ => this.forced.TrySetResult(ExitCode.Interrupted), null, first ? Patience : Hurry, Timeout.InfiniteTimeSpan));
        (first ? this.stop : this.again).Cancel();
    }
}
