namespace Ci.Reporting;

/// <summary>A difference (candidate minus baseline) and the one way that all renderings put it into words.</summary>
internal sealed record Change(double Difference, double? Low, double? High, string? Unit, bool LowerIsBetter)
{
    public int Decimals => Numbers.Decimals(this.Difference, this.Low, this.High);

    /// <summary>The interval leaves out nought, or there is no interval and the values differ.</summary>
    public bool IsMeasurable => this is { Low: { } low, High: { } high } ? low > 0 || high < 0 : this.Difference != 0;

    public bool IsBetter => this.IsMeasurable && this.Difference < 0 == this.LowerIsBetter;

    public bool IsWorse => this.IsMeasurable && !this.IsBetter;

    // "3 % lower" would read as a relative change.
    private string? DifferenceUnit => this.Unit == "%" ? "percentage points" : PlainText.Clean(this.Unit);

    /// <summary>"661 MW lower", or "no measurable difference".</summary>
    public string Words => this.IsMeasurable
        ? $"{Numbers.WithUnit(Numbers.Fixed(Math.Abs(this.Difference), this.Decimals), this.DifferenceUnit)} {(this.Difference < 0 ? "lower" : "higher")}"
        : "no measurable difference";

    /// <summary>"603 to 718" in the direction of the words; with signs where there is no direction ("−20 to +35 MW").</summary>
    public string? Range
    {
        get
        {
            if (this is not { Low: { } low, High: { } high })
                return null;
            if (!this.IsMeasurable)
                return Numbers.WithUnit($"{Numbers.WithSign(low, this.Decimals)} to {Numbers.WithSign(high, this.Decimals)}", this.DifferenceUnit);
            var (near, far) = this.Difference < 0 ? (-high, -low) : (low, high);
            return $"{Numbers.Fixed(near, this.Decimals)} to {Numbers.Fixed(far, this.Decimals)}";
        }
    }
}
