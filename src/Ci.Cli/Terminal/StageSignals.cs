using System.Runtime.InteropServices;

namespace Ci.Cli.Terminal;

/// <summary>
/// Which signal asked to stop, and whether it came again. Stopping itself is done by the cancellation that every verb gets; commands are
/// asked to end by the same signal, and killed at once when it comes a second time.
/// </summary>
internal sealed class StageSignals : IDisposable
{
    private readonly CancellationTokenSource again = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly CancellationTokenSource hangUp = new();
    private int count;

    public StageSignals()
    {
        foreach (var signal in OperatingSystem.IsWindows() ? new[] { PosixSignal.SIGINT } : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            this.registrations.Add(PosixSignalRegistration.Create(signal, this.Came));
    }

    /// <summary>The signal that came last; SIGTERM when none did.</summary>
    public PosixSignal Last { get; private set; } = PosixSignal.SIGTERM;

    /// <summary>Cancelled when a second signal comes.</summary>
    public CancellationToken Again => this.again.Token;

    /// <summary>Cancelled by a signal that the command line does not turn into a cancellation itself: the terminal went away.</summary>
    public CancellationToken HangUp => this.hangUp.Token;

    public void Dispose()
    {
        this.registrations.ForEach(r => r.Dispose());
        this.again.Dispose();
        this.hangUp.Dispose();
    }

    private void Came(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref this.count) > 1)
        {
            this.again.Cancel();
            return;
        }

        this.Last = signal.Signal;
        if (signal.Signal == PosixSignal.SIGHUP)
            this.hangUp.Cancel();
    }
}
