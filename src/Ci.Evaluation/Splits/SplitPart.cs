namespace Ci.Evaluation;

/// <summary>One part that is wanted: its name and its share of all rows.</summary>
public sealed record SplitPart(string Name, double Fraction);
