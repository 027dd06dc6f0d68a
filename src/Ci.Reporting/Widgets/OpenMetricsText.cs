using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>
/// The metrics as OpenMetrics text, for GitLab's metrics widget, which compares them with those of the target branch by name and labels.
/// https://prometheus.io/docs/specs/om/open_metrics_spec/ — GitLab reads each line as a shell would and takes '#' anywhere for a remark
/// (https://docs.gitlab.com/ci/testing/metrics_reports/): labels hold neither that nor quotes.
/// </summary>
public static class OpenMetricsText
{
    private const int MostSlices = 100;

    private sealed record Sample(string Labels, double Value);

    /// <summary>Renders the file; ends with <c># EOF</c>.</summary>
    public static string Render(Report report)
    {
        var families = new Dictionary<string, Family>(StringComparer.Ordinal);
        var model = Label("model", report.Model.Name);
        foreach (var metric in report.Metrics)
            Of(families, metric.Name, metric.Unit, $"{MetricName.Of(metric.Name)} of the candidate").Add(model, metric.Candidate.Value);
        if (report.Slices is { } slices)
        {
            foreach (var slice in slices.Rows.Take(MostSlices))
                Of(families, slices.Metric, slices.Unit, $"{MetricName.Of(slices.Metric)} of the candidate").Add($"{model},{Label("slice", slice.Name)}", slice.Candidate.Value);
        }

        if (report.Model.Bytes > 0)
            Of(families, "model", "bytes", "Size of the model's file").Add(model, report.Model.Bytes);
        if (report.Latency is { } latency)
            Of(families, "latency_p95", "seconds", "95th percentile of one call").Add(model, latency.P95Ms / 1000);
        var gates = Of(families, "gates", null, "Gates by their outcome");
        foreach (var word in (string[])["regress", "inconclusive", "pass", "waits for a baseline"])
            gates.Add($"{model},{Label("outcome", word)}", report.Gates.Count(gate => GateWords.Word(gate) == word));
        var text = new StringBuilder();
        foreach (var family in families.Values.Where(family => family.Samples.Count > 0))
            family.Append(text);
        return text.Append("# EOF\n").ToString();
    }

    private static Family Of(Dictionary<string, Family> families, string name, string? unit, string help)
    {
        var word = Unit(unit);
        var full = $"mlops_{Name(name)}{(word is null ? "" : "_" + word)}";
        return families.TryGetValue(full, out var known) ? known : families[full] = new Family(full, word, help);
    }

    // A unit is the last part of a name: letters, digits and '_' only.
    private static string? Unit(string? unit) => PlainText.Clean(unit) switch
    {
        "" => null,
        "%" => "percent",
        "ms" => "milliseconds",
        "s" => "seconds",
        "B" => "bytes",
        var other => Name(other).Trim('_') is { Length: > 0 } word ? word : null,
    };

    private static string Name(string text)
    {
        var name = new string([.. PlainText.Clean(text, 60).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        return name.Length == 0 ? "_" : name;
    }

    private static string Label(string name, string? value)
    {
        var clean = new string([.. PlainText.Clean(value, 120).Select(c => c switch { '"' or '\'' => '’', '\\' => '/', '#' => '＃', '`' => '’', '$' => '＄', _ => c })]);
        return $"{name}=\"{clean}\"";
    }

    private sealed class Family(string name, string? unit, string help)
    {
        public List<Sample> Samples { get; } = [];

        public void Add(string labels, double value)
        {
            // Two series of one name and labels are an error; the first is the one that tables show, too.
            if (double.IsFinite(value) && this.Samples.TrueForAll(sample => sample.Labels != labels))
                this.Samples.Add(new Sample(labels, value));
        }

        public void Append(StringBuilder text)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} gauge\n");
            if (unit is not null)
                text.Append(CultureInfo.InvariantCulture, $"# UNIT {name} {unit}\n");
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}.\n");
            foreach (var sample in this.Samples)
                text.Append(CultureInfo.InvariantCulture, $"{name}{{{sample.Labels}}} {sample.Value:R}\n");
        }
    }
}
