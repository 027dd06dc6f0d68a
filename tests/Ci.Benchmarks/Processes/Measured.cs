namespace Ci.Benchmarks.Processes;

/// <summary>What the kernel accounts of one whole process.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="CpuSeconds">User and system together.</param>
/// <param name="PeakMiB">The most it had resident.</param>
internal sealed record Measured(double Seconds, double CpuSeconds, double PeakMiB)
{
    public static Measured Median(IEnumerable<Measured> runs)
    {
        var all = runs.ToList();
        return new Measured(Middle(r => r.Seconds), Middle(r => r.CpuSeconds), Middle(r => r.PeakMiB));

        double Middle(Func<Measured, double> of) => all.Select(of).Order().ElementAt(all.Count / 2);
    }
}
