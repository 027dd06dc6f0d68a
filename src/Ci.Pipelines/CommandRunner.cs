using System.ComponentModel;
using System.Diagnostics;
using Ci.Data;

namespace Ci.Pipelines;

/// <summary>Runs a stage's commands by the user's shell, passing on what they write line by line.</summary>
internal sealed class CommandRunner(IReadOnlyDictionary<string, string> environment, string? pathPrefix, Action<string> line)
{
    private const int KeptLines = 20;

    // Holds the command back until it is recorded who runs it; should this process be killed before, the command never begins.
    private const string Gate = "/bin/sh";

    // The system counts from its own start, and two processes do not agree on when that was to the last tick.
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(2);

    /// <summary>Runs all commands; the first that fails ends it. Cancelling ends the command with all its children.</summary>
    /// <exception cref="StageFailedException">A command ended with an error.</exception>
    public async Task RunAsync(Stage stage, string root, FileLock held, CancellationToken ct)
    {
        if (!Directory.Exists(stage.WorkingFolder))
            throw new PipelineException($"stage `{stage.Address}`: its working folder {stage.WorkingFolder} does not exist");
        foreach (var command in stage.Commands)
            await this.RunAsync(stage, command, root, held, ct);
    }

    /// <summary>Whether a process that was recorded is still that process and not another one with its number.</summary>
    public static bool Lives(int id, DateTimeOffset started)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return (StartOf(process) - started).Duration() < StartTolerance && !process.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    private static DateTimeOffset StartOf(Process process) => new(process.StartTime.ToUniversalTime(), TimeSpan.Zero);

    private async Task RunAsync(Stage stage, string command, string root, FileLock held, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var process = this.Start(stage, command, root);
        RecordAt(held, process);
        var last = new Queue<string>();
        try
        {
            OpenGate(process);
            var readers = Task.WhenAll(this.PassAsync(process.StandardOutput, last, ct), this.PassAsync(process.StandardError, last, ct));
            await process.WaitForExitAsync(ct);
            // A child left in the background may hold the pipes open for ever; what it writes later is not waited for.
            await Task.WhenAny(readers, Task.Delay(TimeSpan.FromSeconds(2), ct));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            held.Forget();
        }

        ct.ThrowIfCancellationRequested();
        if (process.ExitCode == 0)
            return;
        lock (last)
            throw new StageFailedException(stage.Address, command, process.ExitCode, [.. last]);
    }

    private static void OpenGate(Process process)
    {
        try
        {
            process.StandardInput.Write('\n');
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; its exit code says why.
        }
    }

    private static void RecordAt(FileLock held, Process process)
    {
        try
        {
            held.Record(process.Id, StartOf(process));
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    private Process Start(Stage stage, string command, string root)
    {
        var shell = environment.GetValueOrDefault("SHELL") is { Length: > 0 } own && File.Exists(own) ? own : "/bin/sh";
        var start = new ProcessStartInfo(Gate)
        {
            WorkingDirectory = stage.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("read -r _ || exit 125; exec \"$@\"");
        start.ArgumentList.Add("mlops");
        start.ArgumentList.Add(shell);
        // A person's start-up files must not change what a stage does.
        foreach (var option in Path.GetFileName(shell) switch { "bash" => new[] { "--noprofile", "--norc" }, "zsh" => ["--no-rcs"], _ => [] })
            start.ArgumentList.Add(option);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["DVC_ROOT"] = root;
        start.Environment["DVC_STAGE"] = stage.Name;
        if (pathPrefix is not null)
            start.Environment["PATH"] = environment.GetValueOrDefault("PATH") is { Length: > 0 } path ? $"{pathPrefix}{Path.PathSeparator}{path}" : $"{pathPrefix}{Path.PathSeparator}/usr/bin{Path.PathSeparator}/bin";
        try
        {
            return Process.Start(start) ?? throw new PipelineException($"stage `{stage.Address}`: the shell {shell} could not be started");
        }
        catch (Win32Exception error)
        {
            throw new PipelineException($"stage `{stage.Address}`: the shell {shell} could not be started: {error.Message}", error);
        }
    }

    private async Task PassAsync(StreamReader reader, Queue<string> last, CancellationToken ct)
    {
        while (await reader.ReadLineAsync(ct) is { } text)
        {
            lock (last)
            {
                if (last.Count == KeptLines)
                    last.Dequeue();
                last.Enqueue(text.Length > 500 ? text[..500] + "…" : text);
                line(text);
            }
        }
    }
}
