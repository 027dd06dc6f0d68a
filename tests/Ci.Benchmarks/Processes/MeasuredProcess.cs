using System.Diagnostics;
using System.Globalization;

namespace Ci.Benchmarks.Processes;

/// <summary>Runs a command as a whole process under GNU time and reads what the kernel accounts: wall seconds and peak resident MiB.</summary>
internal static class MeasuredProcess
{
    private const string GnuTime = "/usr/bin/time";

    public static (double Seconds, double PeakMiB, int ExitCode) Run(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var (seconds, peak, code, _) = RunAll(file, arguments, environment, folder);
        return (seconds, peak, code);
    }

    private static (double Seconds, double PeakMiB, int ExitCode, double CpuSeconds) RunAll(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        if (!File.Exists(GnuTime))
            throw new InvalidOperationException($"{GnuTime} is missing: apt-get install time");
        var note = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(GnuTime, ["-f", "%e %M %x %U %S", "-o", note, file, .. arguments])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
            };
            foreach (var (name, value) in environment)
                start.Environment[name] = value;
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            var seconds = watch.Elapsed.TotalSeconds; // GNU time rounds to hundredths; this includes its own millisecond or two
            var fields = File.ReadLines(note).Last().Split(' ');
            return process.ExitCode == 0
                ? (seconds, Number(fields[1]) / 1024, process.ExitCode, Number(fields[3]) + Number(fields[4]))
                : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output.Result}{error}");
        }
        finally
        {
            File.Delete(note);
        }
    }

    /// <summary>As <see cref="Run"/>, with the processor's time.</summary>
    public static Measured Measure(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var (seconds, peak, _, cpu) = RunAll(file, arguments, environment, folder);
        return new Measured(seconds, cpu, peak);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The median of several runs after one that does not count.</summary>
    public static (double Seconds, double PeakMiB) Median(int runs, Func<(double Seconds, double PeakMiB, int ExitCode)> run)
    {
        run();
        var results = Enumerable.Range(0, runs).Select(_ => run()).ToList();
        return (results.Select(r => r.Seconds).Order().ElementAt(runs / 2), results.Select(r => r.PeakMiB).Order().ElementAt(runs / 2));
    }
}
