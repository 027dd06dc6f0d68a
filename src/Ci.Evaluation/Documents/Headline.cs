namespace Ci.Evaluation;

/// <summary>The metric that decides, in <paramref name="Unit"/>, and how it changed (candidate minus baseline; null without a baseline).</summary>
/// <param name="Word">"better", "worse", "no clear difference", "unchanged" (the same file), "not comparable", or "first model".</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Direction">"lower" or "higher" is better; null where neither is.</param>
/// <param name="Candidate">The candidate's value.</param>
/// <param name="Rows">Rows that both were measured on.</param>
/// <param name="Baseline">The baseline's value.</param>
/// <param name="Difference">Candidate minus baseline.</param>
/// <param name="Low">The lower end of the difference's interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Level">The interval's level.</param>
public sealed record Headline(
    string Word,
    string Metric,
    string Unit,
    string? Direction,
    double Candidate,
    long Rows,
    double? Baseline = null,
    double? Difference = null,
    double? Low = null,
    double? High = null,
    double? Level = null);
