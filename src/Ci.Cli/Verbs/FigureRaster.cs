using System.ComponentModel;
using System.Diagnostics;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>SVG files as PNG, by librsvg's program; a process a picture, as many at once as there are processors, at most four.</summary>
internal static class FigureRaster
{
    private const int MostAtOnce = 4;
    private const string Usual = "rsvg-convert";

    /// <summary>One picture may not hold up a job: what takes longer is no figure of ours.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Draws <c>NAME.svg</c> of a folder as <c>NAME.png</c> beside it.</summary>
    public static async Task DrawAsync(string folder, IReadOnlyList<string> names, CancellationToken cancellation, string program = Usual)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, MostAtOnce), CancellationToken = cancellation };
        await Parallel.ForEachAsync(names, options, async (name, ct) => await DrawAsync(program, folder, name, ct));
    }

    // Twice the width of the drawing, so that it is sharp on dense screens; painted with the card's own paper, so that its round corners
    // are no holes in a dark page.
    private static async Task DrawAsync(string program, string folder, string name, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var argument in (string[])["--zoom", "2", "--background-color", Figures.Paper, "--output", name + ".png", name + ".svg"])
            start.ArgumentList.Add(argument);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var process = Started(start);
        try
        {
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            if (process.ExitCode != 0)
                throw new CliException($"{start.FileName} could not draw {name}.svg: {error.Trim()}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException($"{start.FileName} did not finish {name}.svg within {Patience.TotalSeconds:0} seconds: take --figures svg");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new CliException($"--figures png needs {start.FileName}, which is not installed: apt-get install librsvg2-bin, or take --figures svg", inner: missing);
        }
    }
}
