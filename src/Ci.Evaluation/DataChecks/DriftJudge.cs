using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// Decides which columns have drifted. A column fails if its distance is at least the limit and chance does not explain it (Holm over all
/// tests). It passes if it does not fail and there were rows enough that a distance of the limit would have been significant; otherwise it is
/// inconclusive. So huge tables do not alarm at trifles, and tiny ones do not pass for want of rows.
/// </summary>
internal static class DriftJudge
{
    public static IReadOnlyList<DriftResult> Judge(DriftRule rule, IReadOnlyList<ColumnCheck> columns, IReadOnlyList<ColumnCheck> references)
    {
        var byName = references.ToDictionary(column => column.Column, StringComparer.Ordinal);
        var found = new List<DriftMeasurement>();
        foreach (var column in columns.Where(column => column.Rule.TestsDrift))
        {
            if (!byName.TryGetValue(column.Column, out var reference))
                continue;
            if (DriftMeasurement.OfDistribution(rule, column, reference) is { } distribution)
                found.Add(distribution);
            if (DriftMeasurement.OfMissing(rule, column, reference) is { } missing)
                found.Add(missing);
        }

        var adjusted = Holm.Adjust([.. found.Select(one => one.Result.P)]);
        // The strictest step of Holm's: what is seen at this level is seen whatever the other tests say.
        var strictest = rule.Level / Math.Max(1, found.Count);
        return [.. found.Select((one, index) => Decide(one.Result with { AdjustedP = adjusted[index], LeastDistance = one.LeastDistance(strictest) }, rule)).Select(Rounded)];
    }

    // Six digits are the same on every machine, whatever its logarithms do in the sixteenth.
    private static DriftResult Rounded(DriftResult result) => result with
    {
        Distance = Digits.Round(result.Distance),
        LeastDistance = Digits.Round(result.LeastDistance),
        P = Digits.Round(result.P),
        AdjustedP = Digits.Round(result.AdjustedP),
        StabilityIndex = result.StabilityIndex is { } index ? Digits.Round(index) : null,
        Value = result.Value is { } value ? Digits.Round(value) : null,
        ReferenceValue = result.ReferenceValue is { } before ? Digits.Round(before) : null,
    };

    private static DriftResult Decide(DriftResult result, DriftRule rule)
    {
        var isReal = result.AdjustedP <= rule.Level;
        var what = result.Subject == "missing" ? "the share of missing cells changed by" : "a share of";
        var moved = $"{what} {Share(result.Distance)}{(result.Subject == "missing" ? "" : " of the rows lies elsewhere")}";
        if (result.Distance >= result.Limit && isReal)
            return result with { Outcome = CheckOutcome.Fail, Reason = $"{moved}, at least the limit of {Share(result.Limit)}, and chance does not explain it (adjusted p {Probability(result.AdjustedP)}){New(result)}" };
        if (result.LeastDistance <= result.Limit)
            return result with { Outcome = CheckOutcome.Pass, Reason = isReal ? $"{moved}: real, but less than the limit of {Share(result.Limit)}" : $"no more than chance makes it ({Share(result.Distance)})" };
        return result with
        {
            Outcome = CheckOutcome.Inconclusive,
            Reason = $"too few rows: only a distance of {Share(result.LeastDistance)} would surely show, and the limit is {Share(result.Limit)} (found: {Share(result.Distance)})",
        };
    }

    private static string New(DriftResult result) => result.NewValues.Count == 0 ? "" : $"; new: {string.Join(", ", result.NewValues.Take(5))}";

    private static string Share(double share) => RuleLogs.Percent(Math.Round(share, share < 0.01 ? 4 : 3));

    private static string Probability(double p) => p < 0.001 ? "< 0.001" : p.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
