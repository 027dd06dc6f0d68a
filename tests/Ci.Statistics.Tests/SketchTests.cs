namespace Ci.Statistics.Tests;

public sealed class SketchTests
{
    public static TheoryData<int> Shapes => [0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Quantiles_are_within_the_relative_error(int shape)
    {
        var values = Stream(shape, 20_000);
        var sketch = new QuantileSketch(0.01);
        foreach (var value in values)
            sketch.Add(value);
        Array.Sort(values);
        foreach (var q in new[] { 0, .001, .01, .1, .25, .5, .75, .9, .95, .99, .999, 1 })
        {
            var truth = values[(int)Math.Floor(q * (values.Length - 1))];
            Assert.InRange(sketch.Quantile(q), truth - (0.0101 * Math.Abs(truth)), truth + (0.0101 * Math.Abs(truth)));
        }

        Assert.Equal(values[0], sketch.Min);
        Assert.Equal(values[^1], sketch.Max);
        Assert.Equal(values.Sum(), sketch.Sum, 1e-9 * values.Sum(Math.Abs));
        Assert.Equal(20_000, sketch.Count);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Merged_parts_and_copies_equal_the_whole(int shape)
    {
        var values = Stream(shape, 5_000);
        var whole = new QuantileSketch();
        var parts = new[] { new QuantileSketch(), new QuantileSketch(), new QuantileSketch() };
        for (var i = 0; i < values.Length; i++)
        {
            whole.Add(values[i]);
            parts[i % 3].Add(values[i]);
        }

        var merged = new QuantileSketch();
        foreach (var part in parts)
            merged.Merge(QuantileSketch.FromBuckets(part.ToBuckets()));
        var (a, b) = (whole.ToBuckets(), merged.ToBuckets());
        Assert.Equal(a.Positive, b.Positive);
        Assert.Equal(a.Negative, b.Negative);
        Assert.Equal((a.Count, a.Zeros, a.Min, a.Max), (b.Count, b.Zeros, b.Min, b.Max));
    }

    [Fact]
    public void Adding_allocates_nothing_once_the_range_is_known()
    {
        var sketch = new QuantileSketch();
        var histogram = new Histogram(0, 10, 20);
        var top = new TopValues();
        void Round()
        {
            for (var i = 0; i < 1000; i++)
            {
                sketch.Add((i - 500) * 0.37);
                histogram.Add(i * 0.011);
                top.Add(i % 2 == 0 ? "cat" : "dog");
            }
        }

        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Magnitudes_beyond_the_buckets_keep_high_quantiles_and_every_count()
    {
        var sketch = new QuantileSketch(0.001);
        for (var exponent = -11; exponent <= 300; exponent++)
            sketch.Add(Math.Pow(10, exponent));
        for (var exponent = 300; exponent >= -11; exponent--)
            sketch.Add(Math.Pow(10, exponent));
        Assert.Equal(624, sketch.Count);
        Assert.Equal(624, sketch.ToBuckets().Positive.Sum(cell => cell.Count));
        Assert.Equal(1, sketch.Quantile(1) / 1e300, 0.002);
        Assert.Equal(1e-11, sketch.Min);
    }

    [Fact]
    public void What_is_not_finite_is_counted_apart_and_clearing_forgets()
    {
        var sketch = new QuantileSketch();
        Assert.True(double.IsNaN(sketch.Quantile(0.5)));
        sketch.Add(double.NaN);
        sketch.Add(double.PositiveInfinity);
        sketch.Add(0);
        sketch.Add(-5);
        Assert.Equal((2, 2), (sketch.Count, sketch.NonFinite));
        Assert.Equal(-5, sketch.Quantile(0));
        Assert.Equal(0, sketch.Quantile(1));
        sketch.Clear();
        Assert.Equal(0, sketch.Count);
        sketch.Add(7);
        Assert.Equal(7, sketch.Quantile(0.5));
    }

    [Fact]
    public void Buckets_that_do_not_add_up_are_refused()
    {
        var good = new SketchBuckets { RelativeError = 0.01, Count = 1, Sum = 5, Min = 5, Max = 5, Positive = [new SketchCell(80, 1)] };
        Assert.Equal(1, QuantileSketch.FromBuckets(good).Count);
        Assert.Throws<ArgumentException>(() => QuantileSketch.FromBuckets(good with { Count = 2 }));
        Assert.Throws<ArgumentException>(() => QuantileSketch.FromBuckets(good with { Min = 6 }));
        Assert.Throws<ArgumentException>(() => QuantileSketch.FromBuckets(good with { Sum = double.NaN }));
        Assert.Throws<ArgumentException>(() => QuantileSketch.FromBuckets(good with { RelativeError = 0 }));
        Assert.Throws<ArgumentException>(() => QuantileSketch.FromBuckets(good with { Positive = [new SketchCell(int.MaxValue, 1)] }));
        Assert.Throws<ArgumentException>(() => QuantileSketch.FromBuckets(good with { Positive = [new SketchCell(80, 2), new SketchCell(81, -1)] }));
    }

    [Fact]
    public void A_histogram_counts_every_value_once()
    {
        var histogram = new Histogram(0, 10, 5);
        foreach (var value in new[] { -1, 0, 1.99, 2, 9.99, 10, 11, double.NaN })
            histogram.Add(value);
        Assert.Equal([2, 1, 0, 0, 2], histogram.Counts.ToArray());
        Assert.Equal((1, 1, 1, 7), (histogram.Below, histogram.Above, histogram.Missing, histogram.Count));
        histogram.Merge(histogram);
        Assert.Equal(14, histogram.Count);
    }

    [Fact]
    public void Frequent_texts_are_found_with_bounded_errors()
    {
        var random = new Random(5);
        var top = new TopValues(20);
        var truth = new Dictionary<string, int>();
        for (var i = 0; i < 20_000; i++)
        {
            var value = random.Next(3) > 0 ? $"often{random.Next(5)}" : $"rare{random.Next(5_000)}";
            truth[value] = truth.GetValueOrDefault(value) + 1;
            top.Add(value);
        }

        Assert.Equal(20_000, top.Count);
        var first = top.Top(5);
        Assert.All(first, entry =>
        {
            Assert.StartsWith("often", entry.Value, StringComparison.Ordinal);
            Assert.InRange(truth[entry.Value], entry.Count - entry.Error, entry.Count);
        });
        var half = new TopValues(20);
        half.Merge(top);
        Assert.Equal(first, half.Top(5));
    }

    private static double[] Stream(int shape, int count)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(i => shape switch
        {
            0 => random.NextDouble() * 100,
            1 => Math.Exp(6 * Normal(random)),
            2 => Normal(random) * 1000,
            _ => random.Next(3) - 1.0,
        })];
    }

    internal static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
