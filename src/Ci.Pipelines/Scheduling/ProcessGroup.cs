using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.Pipelines.Scheduling;

/// <summary>A command with all that it started: asked to end together, and killed together.</summary>
/// <param name="leader">The command's process.</param>
/// <param name="own">It leads a process group of its own; else only the tree of its children is known.</param>
internal sealed partial class ProcessGroup(Process leader, bool own)
{
    private const int Kill = 9;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks all to end, waits, and kills what is left.</summary>
    /// <param name="signal">How they are asked.</param>
    /// <param name="grace">How long they may take.</param>
    /// <param name="time">Measures the wait.</param>
    /// <param name="now">Ends the wait.</param>
    public async Task EndAsync(PosixSignal signal, TimeSpan grace, TimeProvider time, CancellationToken now)
    {
        var others = own ? [] : Below(leader.Id);
        var begun = time.GetTimestamp();
        this.Send(Number(signal), others);
        while (this.Lives(others) && time.GetElapsedTime(begun) < grace && !now.IsCancellationRequested)
            await Task.Delay(Pause, time, CancellationToken.None);
        this.KillAll(others);
    }

    /// <summary>Kills whatever of it is left.</summary>
    public void KillAll() => this.KillAll(own ? [] : Below(leader.Id));

    private void KillAll(IReadOnlyList<int> others)
    {
        // By the tree too: a child may have made a group of its own.
        if (!leader.HasExited)
            leader.Kill(entireProcessTree: true);
        this.Send(Kill, others);
    }

    private void Send(int signal, IReadOnlyList<int> others)
    {
        // In its first moments it has not made its group yet.
        if ((!own || KillProcess(-leader.Id, signal) != 0) && !leader.HasExited)
            _ = KillProcess(leader.Id, signal);
        foreach (var other in others)
            _ = KillProcess(other, signal);
    }

    private bool Lives(IReadOnlyList<int> others)
    {
        if (!leader.HasExited)
            return true;
        if (!own)
            return others.Any(id => Stat(id) is { State: not 'Z' });
        // The dead that nobody has buried yet count as members, and in a container they may lie for ever.
        return KillProcess(-leader.Id, 0) == 0 && (!OperatingSystem.IsLinux() || All().Any(p => p.Group == leader.Id && p.State != 'Z'));
    }

    private static List<int> Below(int id)
    {
        var all = All();
        var found = new List<int> { id };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(all.Where(p => p.Parent == found[i]).Select(p => p.Id));
        return found[1..];
    }

    private static List<(int Id, char State, int Parent, int Group)> All()
    {
        var all = new List<(int, char, int, int)>();
        if (!OperatingSystem.IsLinux())
            return all;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(id) is { } found)
                all.Add(found);
        }

        return all;
    }

    private static (int Id, char State, int Parent, int Group)? Stat(int id)
    {
        try
        {
            // The name, in brackets, may hold anything.
            var text = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (id, fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return null;
        }
    }

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => 15,
    };

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillProcess(int process, int signal);
}
