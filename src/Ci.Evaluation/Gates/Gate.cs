using System.Globalization;

namespace Ci.Evaluation;

/// <summary>One rule over baseline and candidate.</summary>
public sealed record Gate
{
    public required string Name { get; init; }

    /// <summary>One of <see cref="MetricNames"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>A slice as the evaluation names it ("month=4"), or null for all rows.</summary>
    public string? Slice { get; init; }

    public required GateRule Rule { get; init; }

    /// <summary>Not-worse and better: the margin, at least 0, in the metric's unit or in percent. Max and min: the limit.</summary>
    public double Amount { get; init; }

    /// <summary>The margin is in percent of the baseline's value.</summary>
    public bool IsPercent { get; init; }

    /// <summary>The line of the gate file on which it begins, from 1; 0 where it was not read from one.</summary>
    public int Line { get; init; }

    /// <summary>Whether the rule compares with a baseline.</summary>
    public bool IsRelative => this.Rule is GateRule.NotWorse or GateRule.Better;

    /// <summary>Whether it bounds a fact of the evaluation (bytes, latency, leaked rows), not a metric of predictions.</summary>
    public bool IsFact => MetricNames.Facts.Contains(this.Metric, StringComparer.Ordinal);

    /// <summary>The rule in words: "not worse by more than 2 %".</summary>
    public string InWords(string unit)
    {
        var amount = this.Amount.ToString("#,0.######", CultureInfo.InvariantCulture);
        var tail = this.IsPercent ? $"{amount} %" : unit.Length > 0 ? $"{amount} {unit}" : amount;
        return this.Rule switch
        {
            GateRule.NotWorse => this.Amount == 0 ? "not worse" : $"not worse by more than {tail}",
            GateRule.Better => this.Amount == 0 ? "better" : $"better by more than {tail}",
            GateRule.Max => $"at most {tail}",
            _ => $"at least {tail}",
        };
    }

    /// <summary>A relative margin in the metric's unit.</summary>
    internal double MarginOn(double baseline) => this.IsPercent ? Math.Abs(baseline) * this.Amount / 100 : this.Amount;
}
