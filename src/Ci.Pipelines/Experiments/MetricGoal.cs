namespace Ci.Pipelines.Experiments;

/// <summary>The metric that a search looks at, and which way is better.</summary>
public sealed record MetricGoal(MetricName Metric, bool Maximize)
{
    /// <summary>Orders values from the best to the worst; what is missing or no number comes last.</summary>
    public int Compare(double? a, double? b)
    {
        var (x, y) = (a is { } p && !double.IsNaN(p), b is { } q && !double.IsNaN(q));
        if (!x || !y)
            return y.CompareTo(x);
        return this.Maximize ? b!.Value.CompareTo(a!.Value) : a!.Value.CompareTo(b!.Value);
    }
}
