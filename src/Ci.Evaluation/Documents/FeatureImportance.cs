namespace Ci.Evaluation;

/// <summary>How much worse the metric gets when one feature's values are shuffled among the rows, with its interval.</summary>
public sealed record FeatureImportance(string Feature, double Value, double? Low = null, double? High = null);
