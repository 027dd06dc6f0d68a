using System.Diagnostics;
using System.Text;

namespace Ci.Build.Tools;

/// <summary>Runs child processes: arguments as a list, never through a shell.</summary>
internal static class Shell
{
    /// <summary>Runs to the end and keeps what it writes; <paramref name="echo"/> also shows each line as it comes.</summary>
    public static async Task<ProcessResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string?>? environment = null,
        bool echo = false,
        CancellationToken cancellation = default)
    {
        var list = arguments.ToList();
        using var process = Start(file, list, folder, environment);
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data, echo);
        process.ErrorDataReceived += (_, line) => Keep(error, line.Data, echo);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ProcessResult($"{Path.GetFileName(file)} {string.Join(' ', list)}", process.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts a child with both streams redirected.</summary>
    public static Process Start(string file, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new BuildException($"cannot start {file}: {error.Message}");
        }
    }

    private static void Keep(StringBuilder buffer, string? line, bool echo)
    {
        if (line is null)
            return;
        lock (buffer)
            buffer.AppendLine(line);
        if (echo)
            Console.Out.WriteLine(line);
    }
}
