namespace Ci.Evaluation;

/// <summary>One measured number.</summary>
public sealed record MetricValue
{
    /// <summary>One of <see cref="MetricNames"/>.</summary>
    public required string Name { get; init; }

    public required double Value { get; init; }

    /// <summary>"MW", "%"; "" for a bare number.</summary>
    public string Unit { get; init => field = value ?? ""; } = "";

    /// <summary>"lower" or "higher" is better; null where neither is (a bias: nearest to 0 is best).</summary>
    public string? Direction { get; init; }

    /// <summary>The interval's ends; null where none was asked for.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>The interval's confidence level, such as 0.95.</summary>
    public double? Level { get; init; }

    /// <summary>How the interval was found, in words.</summary>
    public string? Method { get; init; }
}
