using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>One test's numbers, before anything is decided, and how small a distance it could have seen.</summary>
internal sealed record DriftMeasurement(DriftResult Result, Func<double, double> LeastDistance)
{
    private const int MostNewValues = 5;

    /// <summary>Of the values; null where there is nothing to compare, as in text of many values.</summary>
    public static DriftMeasurement? OfDistribution(DriftRule rule, ColumnCheck column, ColumnCheck reference)
    {
        var (observed, expected) = (column.Profile, reference.Profile);
        if (observed.Count == 0 || expected.Count == 0)
            return null;
        var block = Block(rule, observed, expected);
        var result = new DriftResult
        {
            Column = column.Column,
            Subject = "distribution",
            Test = "",
            Rows = observed.Count,
            ReferenceRows = expected.Count,
            RowsPerIndependent = Math.Round(block, 2),
            Distance = 0,
            Limit = column.Rule.DriftDistance ?? rule.Distance,
            Value = column.Rule.Type.IsNumber() ? observed.Mean : null,
            ReferenceValue = column.Rule.Type.IsNumber() ? expected.Mean : null,
            Outcome = CheckOutcome.Pass,
            Reason = "",
        };
        // Of numbers with few values, one-hot columns say, the test of categories sees more: ties make the other one timid.
        if (!observed.Values.GaveUp && !expected.Values.GaveUp)
            return OfCategories(result, observed.Values, expected.Values, block);
        return observed.Sample is null || expected.Sample is null ? null : OfNumbers(result, observed.Sample, expected.Sample, block);
    }

    /// <summary>Of the missing cells; null where neither side has one.</summary>
    public static DriftMeasurement? OfMissing(DriftRule rule, ColumnCheck column, ColumnCheck reference)
    {
        var (observed, expected) = (column.Profile, reference.Profile);
        var (rows, references) = (observed.Count + observed.Missing, expected.Count + expected.Missing);
        if (observed.Missing + expected.Missing == 0 || rows == 0 || references == 0)
            return null;
        var block = rule.Block ?? 1;
        var test = CategoryDrift.Test([expected.Missing, expected.Count], [observed.Missing, observed.Count], block);
        var (share, before) = ((double)observed.Missing / rows, (double)expected.Missing / references);
        var limit = column.Rule.DriftMissing ?? rule.Missing;
        // What a change of just the limit would be seen by: shares near 0 vary little, and few rows show much.
        var pooled = Math.Min(0.5, ((references * before) + (rows * (before + limit))) / (rows + references));
        return new DriftMeasurement(
            new DriftResult
            {
                Column = column.Column,
                Subject = "missing",
                Test = "chi-square",
                Rows = rows,
                ReferenceRows = references,
                RowsPerIndependent = block,
                Distance = Math.Abs(share - before),
                Limit = limit,
                P = test.P,
                Value = share,
                ReferenceValue = before,
                Outcome = CheckOutcome.Pass,
                Reason = "",
            },
            level => CategoryDrift.LeastDistance(level, 1, test.First, test.Second) * 2 * Math.Sqrt(pooled * (1 - pooled)));
    }

    private static DriftMeasurement OfNumbers(DriftResult result, Reservoir observed, Reservoir expected, double block)
    {
        var (found, wanted) = (observed.Sorted(), expected.Sorted());
        var distance = Drift.Distance(wanted, found);
        // A sample's rows lie further apart than the table's: they are less alike, and only so many of the table's are independent.
        var (n, m) = (Math.Min(wanted.Length, expected.Count / block), Math.Min(found.Length, observed.Count / block));
        return new DriftMeasurement(
            result with
            {
                Test = "Kolmogorov–Smirnov",
                Distance = distance,
                P = Drift.KolmogorovP(distance, n, m),
                StabilityIndex = QuantileBins.StabilityIndex(wanted, found),
            },
            level => Math.Min(1, Drift.LeastDistance(level, n, m)));
    }

    private static DriftMeasurement OfCategories(DriftResult result, ValueCounts observed, ValueCounts expected, double block)
    {
        string[] names = [.. expected.Counts.Keys.Union(observed.Counts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        double[] wanted = [.. names.Select(name => (double)expected.Counts.GetValueOrDefault(name))];
        double[] found = [.. names.Select(name => (double)observed.Counts.GetValueOrDefault(name))];
        var test = CategoryDrift.Test(wanted, found, block);
        return new DriftMeasurement(
            result with
            {
                Test = "chi-square",
                Distance = test.Distance,
                P = test.P,
                StabilityIndex = Drift.PopulationStabilityIndex(wanted, found),
                NewValues = [.. observed.Counts.Where(pair => !expected.Counts.ContainsKey(pair.Key)).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostNewValues).Select(pair => pair.Key)],
            },
            // Where so few rows are there that all categories were put together, nothing could have been seen.
            level => names.Length > 1 && test.Freedom == 0 ? 1 : CategoryDrift.LeastDistance(level, test.Freedom, test.First, test.Second));
    }

    private static double Block(DriftRule rule, ColumnProfile observed, ColumnProfile expected) =>
        rule.Block ?? Math.Max(observed.RowsPerIndependent, expected.RowsPerIndependent);
}
