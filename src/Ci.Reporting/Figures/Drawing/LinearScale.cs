namespace Ci.Reporting.Drawing;

/// <summary>Maps numbers of a domain onto positions, and knows the round numbers worth a tick (steps of 1, 2 or 5 times a power of ten).</summary>
internal sealed class LinearScale
{
    private readonly double low;
    private readonly double high;
    private readonly double from;
    private readonly double to;

    /// <summary>A domain of no width is widened: a scale never divides by nothing.</summary>
    public LinearScale(double low, double high, double from, double to)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
            (low, high) = (0, 1);
        if (high - low <= Math.Abs(high) * 1e-12)
        {
            var half = low == 0 ? 1 : Math.Abs(low) * 0.05;
            (low, high) = (low - half, high + half);
        }

        (this.low, this.high, this.from, this.to) = (low, high, from, to);
    }

    /// <summary>The domain of some values with room around them; not finite ones are left out.</summary>
    public static LinearScale Around(IEnumerable<double> values, double from, double to, double room = 0.06, bool zero = false)
    {
        var (low, high) = (zero ? 0 : double.PositiveInfinity, zero ? 0 : double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        var spare = (high - low) * room;
        return new LinearScale(zero && low == 0 ? 0 : low - spare, zero && high == 0 ? 0 : high + spare, from, to);
    }

    public double At(double value) => this.from + (value - this.low) / (this.high - this.low) * (this.to - this.from);

    /// <summary>As <see cref="At"/>, never outside of the plot.</summary>
    public double Within(double value) => this.At(Math.Clamp(value, this.low, this.high));

    /// <summary>Round values inside the domain, at most about <paramref name="most"/> of them, with their words.</summary>
    public IReadOnlyList<(double Value, string Text)> Ticks(int most)
    {
        var step = NiceStep((this.high - this.low) / Math.Max(1, most));
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 8);
        var ticks = new List<(double, string)>();
        for (var index = Math.Ceiling(this.low / step - 1e-9); index * step <= this.high + step * 1e-9 && ticks.Count < 50; index++)
            ticks.Add((index * step, Numbers.Fixed(index * step, decimals)));
        return ticks;
    }

    /// <summary>The next step of 1, 2 or 5 times a power of ten that is nearest to the rough one, rather above than below.</summary>
    internal static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { <= 1.2 => 1, <= 2.4 => 2, <= 6 => 5, _ => 10 } * power;
    }
}
