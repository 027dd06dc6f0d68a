namespace Ci.Evaluation;

/// <summary>How well the model's probability of one class ranks its rows above all others (one against the rest).</summary>
/// <param name="Class">The class's name.</param>
/// <param name="Positives">Rows that are of it.</param>
/// <param name="Roc">Share of other rows taken for it (X) and share of its rows found (Y), from (0, 0) to (1, 1).</param>
/// <param name="RocArea">The area under it.</param>
/// <param name="PrecisionRecall">Share of its rows found (X), and which share of what was found is of it (Y).</param>
/// <param name="PrecisionRecallArea">Average precision.</param>
public sealed record ClassCurves(
    string Class, int Positives, IReadOnlyList<CurvePoint> Roc, CurveArea RocArea, IReadOnlyList<CurvePoint> PrecisionRecall, CurveArea PrecisionRecallArea);
