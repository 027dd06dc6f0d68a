using System.ComponentModel;
using System.Diagnostics;
using Ci.Data;
using Ci.Pipelines.Scheduling;

namespace Ci.Pipelines;

/// <summary>Runs a stage's commands by the user's shell, passing on what they write line by line.</summary>
internal sealed class CommandRunner(ReproOptions options, TimeProvider time, Action<string> begins, Action<string, bool> line)
{
    // Holds the command back until it is recorded who runs it; should this process be killed before, the command never begins.
    private const string Gate = "/bin/sh";

    private static readonly string[] GroupMakers = ["/usr/bin/setsid", "/bin/setsid"];

    // The system counts from its own start, and two processes do not agree on when that was to the last tick.
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(2);

    /// <summary>Variables of the commands beside those of the options.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Runs all commands; the first that fails ends it. Cancelling asks the command with all its children to end, and kills what has
    /// not ended after the grace.
    /// </summary>
    /// <param name="stage">Whose commands.</param>
    /// <param name="root">The project's folder.</param>
    /// <param name="started">Called with each command's process and its start, before it begins, and with null after it ended.</param>
    /// <param name="log">Keeps what they write.</param>
    /// <param name="ct">Ends them.</param>
    /// <exception cref="StageFailedException">A command ended with an error.</exception>
    public async Task RunAsync(Stage stage, string root, Action<(int Id, DateTimeOffset Started)?> started, StageLog log, CancellationToken ct)
    {
        if (!Directory.Exists(stage.WorkingFolder))
            throw new PipelineException($"failed to reproduce '{stage.Address}': its working folder {stage.WorkingFolder} does not exist");
        foreach (var command in CommandsOf(stage))
        {
            ct.ThrowIfCancellationRequested();
            begins(command);
            await this.RunAsync(stage, command, root, started, log, ct);
        }
    }

    /// <summary>What is run one by one: the lines of a command that was written as one text, as DVC does.</summary>
    public static IReadOnlyList<string> CommandsOf(Stage stage) => stage.CommandIsList ? stage.Commands : [.. stage.Commands[0].TrimEnd('\n').ReplaceLineEndings("\n").Split('\n')];

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

    private async Task RunAsync(Stage stage, string command, string root, Action<(int, DateTimeOffset)?> started, StageLog log, CancellationToken ct)
    {
        var (process, group) = this.Start(stage, command, root);
        using var _ = process;
        log.Note($"> {command}");
        Record(started, process);
        try
        {
            OpenGate(process);
            var readers = Task.WhenAll(this.PassAsync(process.StandardOutput, false, log), this.PassAsync(process.StandardError, true, log));
            try
            {
                await process.WaitForExitAsync(ct);
            }
            catch (OperationCanceledException)
            {
                await group.EndAsync(options.StopSignal(), options.Grace, time, options.KillNow);
                log.Note("stopped");
            }

            // A child left in the background may hold the pipes open for ever; what it writes later is not waited for.
            await Task.WhenAny(readers, Task.Delay(TimeSpan.FromSeconds(2), time, CancellationToken.None));
        }
        finally
        {
            if (!process.HasExited)
                group.KillAll();
            started(null);
        }

        ct.ThrowIfCancellationRequested();
        log.Note(FormattableString.Invariant($"ended with exit code {process.ExitCode}"));
        if (process.ExitCode != 0)
            throw new StageFailedException(stage.Address, command, process.ExitCode, log.LastLines, log.Shown);
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

    private static void Record(Action<(int, DateTimeOffset)?> started, Process process)
    {
        try
        {
            started((process.Id, StartOf(process)));
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    private (Process Process, ProcessGroup Group) Start(Stage stage, string command, string root)
    {
        var shell = options.Environment.GetValueOrDefault("SHELL") is { Length: > 0 } named && File.Exists(named) ? named : "/bin/sh";
        var start = new ProcessStartInfo(Gate)
        {
            WorkingDirectory = stage.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // A group of its own hears a terminal's Ctrl-C once, from us, and can be ended whole.
        var grouper = GroupMakers.FirstOrDefault(File.Exists);
        foreach (var word in new[] { "-c", "read -r _ || exit 125; exec \"$@\"", "mlops", grouper, shell })
        {
            if (word is not null)
                start.ArgumentList.Add(word);
        }

        // A person's start-up files must not change what a stage does.
        foreach (var option in Path.GetFileName(shell) switch { "bash" => new[] { "--noprofile", "--norc" }, "zsh" => ["--no-rcs"], _ => [] })
            start.ArgumentList.Add(option);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        this.SetEnvironment(start, stage, root);
        try
        {
            var process = Process.Start(start) ?? throw new PipelineException($"stage `{stage.Address}`: the shell {shell} could not be started");
            return (process, new ProcessGroup(process, grouper is not null));
        }
        catch (Win32Exception error)
        {
            throw new PipelineException($"stage `{stage.Address}`: the shell {shell} could not be started: {error.Message}", error);
        }
    }

    private void SetEnvironment(ProcessStartInfo start, Stage stage, string root)
    {
        start.Environment.Clear();
        foreach (var (name, value) in options.Environment.Concat(this.Extra))
            start.Environment[name] = value;
        start.Environment["DVC_ROOT"] = root;
        start.Environment["DVC_STAGE"] = stage.Address;
        if (options.PathPrefix is null)
            return;
        var path = options.Environment.GetValueOrDefault("PATH") is { Length: > 0 } own ? own : $"/usr/bin{Path.PathSeparator}/bin";
        start.Environment["PATH"] = $"{options.PathPrefix}{Path.PathSeparator}{path}";
    }

    private async Task PassAsync(StreamReader reader, bool isError, StageLog log)
    {
        var lines = new LineReader(reader);
        while (await lines.NextAsync(CancellationToken.None) is { } text)
        {
            log.Line(text);
            line(text, isError);
        }
    }
}
