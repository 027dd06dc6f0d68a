namespace Ci.Statistics;

/// <summary>
/// Mean, spread, and how much neighbouring values of a stream resemble each other (autocorrelation at lag 1), in one pass; sums are taken
/// about the first value, so that numbers far from 0 lose no digits.
/// </summary>
public sealed class SeriesMemory
{
    private double origin;
    private double last;
    private double sum;
    private double squares;
    private double products;

    public long Count { get; private set; }

    /// <summary>NaN while empty.</summary>
    public double Mean => this.Count == 0 ? double.NaN : this.origin + (this.sum / this.Count);

    /// <summary>The sample's standard deviation; NaN below two values.</summary>
    public double StandardDeviation => this.Count < 2 ? double.NaN : Math.Sqrt(Math.Max(0, (this.squares - (this.sum * this.sum / this.Count)) / (this.Count - 1)));

    /// <summary>From −1 to 1; 0 where nothing varies.</summary>
    public double Autocorrelation
    {
        get
        {
            var spread = this.squares - (this.sum * this.sum / this.Count);
            if (this.Count < 3 || spread <= 0)
                return 0;
            var mean = this.sum / this.Count;
            // The first value's distance from the origin is 0: only the last one has no right neighbour.
            var common = this.products - (mean * ((2 * this.sum) - this.last)) + ((this.Count - 1) * mean * mean);
            return Math.Clamp(common / spread, -1, 1);
        }
    }

    public void Add(double value)
    {
        if (this.Count++ == 0)
            this.origin = value;
        var distance = value - this.origin;
        this.products += distance * this.last;
        this.sum += distance;
        this.squares += distance * distance;
        this.last = distance;
    }

    /// <summary>
    /// How many neighbouring rows tell as much as one independent row: (1 + r) / (1 − r), exact for a mean of a first-order autoregression
    /// (Bayley and Hammersley 1946). 1 where r is no more than chance makes it among independent rows (three standard errors).
    /// </summary>
    public static double RowsPerIndependent(double autocorrelation, long rows)
    {
        if (rows < 3 || autocorrelation <= 3 / Math.Sqrt(rows))
            return 1;
        var r = Math.Min(autocorrelation, 0.9999);
        return (1 + r) / (1 - r);
    }
}
