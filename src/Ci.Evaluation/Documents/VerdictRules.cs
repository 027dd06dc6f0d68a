namespace Ci.Evaluation;

/// <summary>What a verdict must hold to beyond its shape: above all, no outcome that its gates do not bear.</summary>
internal static class VerdictRules
{
    private const int MostGates = 1_000;

    public static void Check(Verdict verdict)
    {
        var wrong = new List<string>();
        if (verdict.Gates.Any(gate => gate is null))
            throw new EvaluationException("the verdict is not valid: a gate is null");
        if (verdict.Gates.Count > MostGates)
            wrong.Add($"it has {verdict.Gates.Count} gates; at most {MostGates} are read");
        if (verdict.Outcome != Verdict.Of(verdict.Gates))
            wrong.Add($"its outcome is {Word(verdict.Outcome)}, but its gates together say {Word(Verdict.Of(verdict.Gates))}");
        foreach (var gate in verdict.Gates)
        {
            double?[] numbers = [gate.Baseline, gate.Candidate, gate.Difference, gate.Low, gate.High, gate.Level, gate.P, gate.AdjustedP, gate.Margin];
            if (numbers.Any(n => n is { } value && !double.IsFinite(value)))
                wrong.Add($"gate '{gate.Name[..Math.Min(40, gate.Name.Length)]}' holds a number that is not finite");
        }

        if (wrong.Count > 0)
            throw new EvaluationException($"the verdict is not valid: {string.Join("; ", wrong.Take(10))}");
    }

    public static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "pass",
        Outcome.Regress => "regress",
        _ => "inconclusive",
    };
}
