using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Benchmarks.Processes;

namespace Ci.Benchmarks.Pipelines;

/// <summary>Rows of figures, ours beside others', and the ratios between them.</summary>
internal sealed class BenchmarkTable
{
    private readonly TextWriter report;
    private readonly bool hasPeer;

    public BenchmarkTable(TextWriter report, string? peer)
    {
        this.report = report;
        this.hasPeer = peer is not null;
        report.WriteLine(this.hasPeer
            ? "| command | wall s | CPU s | peak MiB | floor | DVC here: wall s, CPU s, MiB | DVC / ours | DVC 3.67.1 (recorded) |\n| --- | ---: | ---: | ---: | --- | --- | ---: | --- |"
            : "| command | wall s | CPU s | peak MiB | floor | DVC 3.67.1 (recorded) |\n| --- | ---: | ---: | ---: | --- | --- |");
    }

    public JsonObject Results { get; } = [];

    /// <summary>Measures and writes one row; the others run in turn with ours, so that a slow minute of the machine meets all.</summary>
    public void Row(string command, string recorded, int runs, Func<Measured> ours, Func<Measured> peer, string? floor = null, Func<Measured>? floorRun = null)
    {
        ours();
        var all = new List<(Measured Ours, Measured? Peer, Measured? Floor)>();
        if (this.hasPeer)
            peer();
        for (var i = 0; i < runs; i++)
            all.Add((ours(), this.hasPeer ? peer() : null, floorRun?.Invoke()));
        var mine = Measured.Median(all.Select(r => r.Ours));
        var theirs = this.hasPeer ? Measured.Median(all.Select(r => r.Peer!)) : null;
        var least = floorRun is null ? null : Measured.Median(all.Select(r => r.Floor!));
        var figures = new JsonObject { ["seconds"] = mine.Seconds, ["cpuSeconds"] = mine.CpuSeconds, ["peakMiB"] = mine.PeakMiB };
        var bottom = least is null ? "" : Text($"{floor} {least.Seconds:F2} s: {mine.Seconds / least.Seconds:F2} ×");
        if (least is not null)
            figures[floor!] = least.Seconds;
        var beside = theirs is null ? "" : Text($" {theirs.Seconds:F2}, {theirs.CpuSeconds:F2}, {theirs.PeakMiB:F0} | {theirs.Seconds / mine.Seconds:F1} × |");
        if (theirs is not null)
            figures["dvcSeconds"] = theirs.Seconds;
        this.report.WriteLine(Text($"| {command} | {mine.Seconds:F3} | {mine.CpuSeconds:F3} | {mine.PeakMiB:F0} | {bottom} |{beside} {recorded} |"));
        this.Results[command] = figures;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
