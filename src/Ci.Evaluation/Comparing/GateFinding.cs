namespace Ci.Evaluation;

/// <summary>A gate's row before the adjustment over all gates: what is known, and the evidence if there is any to weigh.</summary>
/// <param name="Result">The row, with the outcome it has if nothing is left to weigh.</param>
/// <param name="Evidence">Null where the outcome is settled already.</param>
/// <param name="Threshold">Where good and bad meet, on the evidence's scale.</param>
internal sealed record GateFinding(GateResult Result, Evidence? Evidence = null, double Threshold = 0)
{
    /// <summary>An outcome that needs no weighing.</summary>
    public static GateFinding Settled(GateResult result, Outcome outcome, string reason) => new(result with { Outcome = outcome, Reason = reason });

    /// <summary>Evidence to weigh, shown in the row with its sign turned back.</summary>
    public static GateFinding Weighed(GateResult result, Evidence evidence, double level, int sign, double threshold)
    {
        var (low, high) = sign > 0 ? (evidence.Low, evidence.High) : (-evidence.High, -evidence.Low);
        return new GateFinding(result with { Low = low, High = high, Level = level, Test = evidence.Test }, evidence, threshold);
    }

    /// <summary>The one-sided p-value of the claim that the point makes.</summary>
    public double P => this.Evidence is { } e ? Math.Clamp(e.Worseness <= this.Threshold ? e.PGood : e.PBad, 0, 1) : 1;

    /// <summary>
    /// Weighs the evidence: pass if the interval lies wholly on the good side of the threshold, regress if wholly on the bad side, and
    /// in both cases only if the adjusted p-value bears it; else inconclusive.
    /// </summary>
    public GateResult Decide(double adjustedP, double level, int tested)
    {
        if (this.Evidence is not { } evidence)
            return this.Result;
        var good = evidence.High < this.Threshold;
        var bad = evidence.Low > this.Threshold;
        var borne = adjustedP <= ((1 - level) / 2) + 1e-12;
        var outcome = good && borne ? Outcome.Pass : bad && borne ? Outcome.Regress : Outcome.Inconclusive;
        var percent = $"{level * 100:0.##} % interval";
        var reason = (good, bad, borne) switch
        {
            (true, _, true) => $"the {percent} lies wholly on the good side of the {this.Limit}",
            (_, true, true) => $"the {percent} lies wholly on the bad side of the {this.Limit}",
            (false, false, _) => $"the {percent} spans the {this.Limit}: the evidence does not suffice either way",
            _ when this.P > ((1 - level) / 2) + 1e-12 => $"the {percent} clears the {this.Limit}, but the test does not bear it out (p {this.P:0.###})",
            _ => $"the {percent} clears the {this.Limit}, but not when {tested} gates are tested together (adjusted p {adjustedP:0.###})",
        };
        return this.Result with { P = this.P, AdjustedP = adjustedP, Outcome = outcome, Reason = reason };
    }

    private string Limit => this.Result.Difference is null ? "limit" : this.Result.Margin == 0 ? "baseline" : "margin";
}
