namespace Ci.Evaluation;

/// <summary>The metrics on the rows of one slice.</summary>
/// <param name="Name">"month=4": the slicing column and its value.</param>
/// <param name="Rows">How many evaluation rows it has.</param>
/// <param name="Metrics">The same metrics as of the whole, without those that mean nothing here (a slice of one class has no ROC).</param>
public sealed record SliceValue(string Name, long Rows, IReadOnlyList<MetricValue> Metrics);
