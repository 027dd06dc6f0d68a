using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>One line of learning: on which rows ("training", "validation"), and whether it is the baseline's.</summary>
public sealed record LearningLine(string Rows, IReadOnlyList<CurvePoint> Points, bool Baseline = false);
