using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Ci.Evaluation;

/// <summary><c>gates.yaml</c>: what a candidate must fulfil. The format stands in docs/protocol/gates.md.</summary>
public sealed record GateFile
{
    private static readonly string[] GateKeys = ["name", "metric", "slice", "rule", "margin", "limit"];

    /// <summary>At least one.</summary>
    public required IReadOnlyList<Gate> Gates { get; init; }

    /// <summary>The metric of the headline; null takes that of the first relative gate.</summary>
    public string? Metric { get; init; }

    /// <summary>The intervals' confidence level; claims are made at half of what is left, for they look one way.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Reads a gate file, strictly.</summary>
    /// <param name="yaml">The whole text, at most 1 MiB.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="EvaluationException">No gate, an unknown key, metric or rule, a margin or limit that is missing, negative or out of place.</exception>
    public static GateFile Read(string yaml, string file)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var root = YamlSection.Root(yaml, file) ?? throw new EvaluationException($"{file}: it is empty; expected a list `gates:`");
        var section = new YamlSection(file, root, "the file", "metric", "level", "gates");
        if (section.Node("gates") is not YamlSequenceNode { Children.Count: > 0 and <= 200 } list)
            throw section.Error("gates", "`gates` must be a list of 1 to 200 gates; no gate at all would let everything pass");
        var level = section.Number("level") ?? 0.95;
        if (level is not (>= 0.5 and <= 0.999))
            throw section.Error("level", $"`level` must be from 0.5 to 0.999, such as 0.95, not {level}");
        var gates = list.Select(node => ReadGate(new YamlSection(file, node, "a gate", GateKeys))).ToArray();
        var twice = gates.GroupBy(gate => gate.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw section.Error("gates", $"two gates are called '{twice.Key}'; give one of them another `name`");
        var metric = section.Text("metric");
        if (metric is not null && !IsMetric(metric))
            throw section.Error("metric", UnknownMetric(metric));
        return new GateFile { Gates = gates, Metric = metric, Level = level };
    }

    private static Gate ReadGate(YamlSection section)
    {
        var metric = section.NeedText("metric", "rmse");
        if (!IsMetric(metric) && !MetricNames.Facts.Contains(metric, StringComparer.Ordinal))
            throw section.Error("metric", UnknownMetric(metric));
        var rule = section.NeedText("rule", "not-worse") switch
        {
            "not-worse" => GateRule.NotWorse,
            "better" => GateRule.Better,
            "max" => GateRule.Max,
            "min" => GateRule.Min,
            var other => throw section.Error("rule", $"`rule` must be one of not-worse, better, max, min, not `{other}`"),
        };
        var slice = section.Text("slice") is { Length: > 0 } text ? text : null;
        var gate = new Gate
        {
            Name = section.Text("name") is { Length: > 0 and <= 200 } name ? name : $"{metric}{(slice is null ? "" : $" ({slice})")} {section.Text("rule")}",
            Metric = metric,
            Slice = slice,
            Rule = rule,
            Line = (int)section.Line,
        };
        if (gate.IsFact && (gate.IsRelative || slice is not null))
            throw section.Error("rule", $"{metric} is a fact of the model, not a metric of predictions: it takes the rules max and min, and no slice");
        return gate.IsRelative ? WithMargin(section, gate) : WithLimit(section, gate);
    }

    private static Gate WithMargin(YamlSection section, Gate gate)
    {
        if (section.Node("limit") is not null)
            throw section.Error("limit", "`limit` belongs to the rules max and min; not-worse and better take a `margin`");
        var text = (section.Text("margin") ?? "0").Trim();
        var percent = text.EndsWith('%');
        var digits = percent ? text[..^1].TrimEnd() : text;
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var margin) || !double.IsFinite(margin) || margin < 0)
            throw section.Error("margin", $"`margin` must be a number from 0, in the metric's unit, or percent such as 2 %; not `{text}`");
        return gate with { Amount = margin, IsPercent = percent };
    }

    private static Gate WithLimit(YamlSection section, Gate gate)
    {
        if (section.Node("margin") is not null)
            throw section.Error("margin", "`margin` belongs to the rules not-worse and better; max and min take a `limit`");
        if (gate.Metric == MetricNames.Bias)
            throw section.Error("metric", "a bias is best near 0, on either side; gate it with not-worse or better");
        return gate with { Amount = section.Number("limit") ?? throw section.Error($"the rule {section.Text("rule")} needs a `limit`") };
    }

    private static bool IsMetric(string metric) => Tasks.All.SelectMany(MetricNames.Of).Contains(metric, StringComparer.Ordinal);

    private static string UnknownMetric(string metric) =>
        $"there is no metric `{(metric.Length > 60 ? metric[..60] : metric)}`; there are {string.Join(", ", Tasks.All.SelectMany(MetricNames.Of).Distinct(StringComparer.Ordinal).Concat(MetricNames.Facts))}";
}
