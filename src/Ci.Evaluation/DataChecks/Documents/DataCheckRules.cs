namespace Ci.Evaluation;

/// <summary>What a data check must hold to beyond its shape: above all, no outcome that its findings do not bear.</summary>
internal static class DataCheckRules
{
    private const int MostEntries = 20_000;
    private const int LongestText = 4_000;

    public static void Check(DataCheck check)
    {
        var wrong = new List<string>();
        if (check.Breaches.Count > MostEntries || check.Drift.Count > MostEntries || check.Columns.Count > MostEntries)
            wrong.Add($"a list has more than {MostEntries} entries");
        if (check.Outcome != DataCheck.Of(check.Breaches, check.Drift))
            wrong.Add($"its outcome is {Word(check.Outcome)}, but its findings together say {Word(DataCheck.Of(check.Breaches, check.Drift))}");
        if (check.Rules < 0 || check.MoreBreaches < 0)
            wrong.Add("a count is below 0");
        CheckData(wrong, "data", check.Data);
        CheckData(wrong, "reference", check.Reference);
        foreach (var breach in check.Breaches)
        {
            if (breach.Count < 0 || breach.Share is { } share && !(share >= 0 && share <= 1) || breach.Lines.Count > 100 || breach.Examples.Count > 100 || breach.Lines.Any(line => line < 1))
                wrong.Add($"the breach of '{Short(breach.Rule)}' is out of range");
            if (breach.Examples.Append(breach.Column).Append(breach.Expected).Append(breach.Rule).Any(text => text?.Length > LongestText))
                wrong.Add($"a text is longer than {LongestText} characters");
        }

        foreach (var result in check.Drift)
            CheckDrift(wrong, result);
        if (check.Columns.Any(column => column.Missing < 0 || column.Distinct < 0 || !IsFinite(column.Mean) || !IsFinite(column.StandardDeviation)))
            wrong.Add("a column's facts are out of range");
        if (wrong.Count > 0)
            throw new EvaluationException($"the data check is not valid: {string.Join("; ", wrong.Take(10))}");
    }

    public static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Pass => "pass",
        CheckOutcome.Fail => "fail",
        _ => "inconclusive",
    };

    private static void CheckData(List<string> wrong, string where, CheckedData? data)
    {
        if (data is not null && (data.Rows < 0 || data.Columns < 0))
            wrong.Add($"{where}.rows or {where}.columns is out of range");
        if (data is not null && (data.Sha256.Length != 64 || !data.Sha256.All(char.IsAsciiHexDigitLower)))
            wrong.Add($"{where}.sha256 is not 64 lowercase hexadecimal digits");
    }

    private static void CheckDrift(List<string> wrong, DriftResult result)
    {
        double?[] numbers = [result.RowsPerIndependent, result.Distance, result.Limit, result.LeastDistance, result.P, result.AdjustedP, result.StabilityIndex, result.Value, result.ReferenceValue];
        if (!numbers.All(IsFinite) || result.Rows < 0 || result.ReferenceRows < 0 || result.P is < 0 or > 1 || result.AdjustedP is < 0 or > 1)
            wrong.Add($"the drift of '{Short(result.Column)}' holds a number that is not finite or out of range");
        if (result.Column.Length > LongestText || result.Reason.Length > LongestText || result.NewValues.Any(value => value.Length > LongestText) || result.NewValues.Count > 100)
            wrong.Add($"the drift of '{Short(result.Column)}' holds a text or list that is too long");
    }

    private static bool IsFinite(double? number) => number is not { } value || double.IsFinite(value);

    private static string Short(string text) => text.Length > 40 ? text[..40] : text;
}
