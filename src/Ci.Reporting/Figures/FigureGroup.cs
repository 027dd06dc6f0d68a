namespace Ci.Reporting;

/// <summary>What figures are about; a page has a section of each.</summary>
public static class FigureGroup
{
    public const string Metrics = "metrics";
    public const string Slices = "slices";
    public const string Predictions = "predictions";
    public const string Training = "training";
    public const string History = "history";
    public const string Latency = "latency";
    public const string Plots = "plots";
}
