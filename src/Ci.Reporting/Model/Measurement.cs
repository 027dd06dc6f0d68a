namespace Ci.Reporting;

/// <summary>A measured value with its interval; the interval is null where none could be had.</summary>
public sealed record Measurement(double Value, double? Low = null, double? High = null, double? Level = null, string? Method = null)
{
    internal int Decimals => Numbers.Decimals(this.Value, this.Low, this.High);

    internal string Text => Numbers.Fixed(this.Value, this.Decimals);

    /// <summary>"603 to 718", or nothing.</summary>
    internal string? Interval => this is { Low: { } low, High: { } high }
        ? $"{Numbers.Fixed(low, this.Decimals)} to {Numbers.Fixed(high, this.Decimals)}"
        : null;
}
