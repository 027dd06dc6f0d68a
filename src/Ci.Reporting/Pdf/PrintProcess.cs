using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Ci.Reporting;

/// <summary>A child process with a bound on time and output, no terminal, and only the environment that it is given.</summary>
internal sealed class PrintProcess(string name, string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables, PdfLimits limits)
{
    private const int MostWords = 64 << 10;

    public async Task<(int ExitCode, byte[] Output, string Error, string LastWords)> RunAsync(ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limits.Time);
        using var process = this.Start();
        try
        {
            var output = ReadAsync(process.StandardOutput.BaseStream, limits.Output, deadline.Token);
            var words = ReadAsync(process.StandardError.BaseStream, MostWords, deadline.Token);
            await WriteAsync(process, input, deadline.Token);
            var (pdf, error) = (await output, Encoding.UTF8.GetString((await words).Bytes));
            await process.WaitForExitAsync(deadline.Token);
            if (pdf.IsCut)
                throw new ReportException($"{name} made a PDF of more than {Numbers.Bytes(limits.Output)}");
            return (process.ExitCode, pdf.Bytes, error, error.TrimEnd().Split('\n')[^1]);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ReportException($"{name} took longer than {Numbers.Round(limits.Time.TotalSeconds)} seconds to print the card, and was ended; write card.html instead");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (key, value) in variables)
            start.Environment[key] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new ReportException($"{name} could not be started ({file}): {error.Message}", error);
        }
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all; its exit code and last words say why.
        }
    }

    // What is beyond the bound is read and dropped, so that the child does not wait for us.
    private static async Task<(byte[] Bytes, bool IsCut)> ReadAsync(Stream stream, int most, CancellationToken cancellation)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[64 << 10];
        var cut = false;
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            cut |= kept.Length + read > most;
            if (!cut)
                kept.Write(buffer, 0, read);
        }

        return (kept.ToArray(), cut);
    }
}
