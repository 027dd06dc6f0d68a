using System.Text;

namespace Ci.Statistics.Tests;

public sealed class ProfileTests
{
    [Theory]
    [InlineData("", 0x0000000000000000, 0x0000000000000000)]
    [InlineData("hello", 0xcbd8a7b341bd9b02, 0x5b1e906a48ae1d19)]
    [InlineData("hello, world", 0x342fac623a5ebc8e, 0x4cdcbc079642414d)]
    [InlineData("19 Jan 2038 at 3:14:07 AM", 0xb89e5988b737affc, 0x664fc2950231b2cb)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 0xcd99481f9ee902c9, 0x695da1a38987b6e7)]
    public void The_hash_is_MurmurHash3_as_published(string text, ulong high, ulong low) =>
        Assert.Equal(new RowHash(high, low), RowHash.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_number_has_one_hash_however_it_is_written() =>
        Assert.Equal(RowHash.Of(double.Parse("1e2", System.Globalization.CultureInfo.InvariantCulture)), RowHash.Of(100.0));

    [Theory]
    [InlineData("2020-02-29", "2020-02-29T00:00:00Z")]
    [InlineData("2020-01-31T23:59", "2020-01-31T23:59:00Z")]
    [InlineData("2020-01-31 23:59:58", "2020-01-31T23:59:58Z")]
    [InlineData("2020-01-31T23:59:58.25Z", "2020-01-31T23:59:58.2500000Z")]
    [InlineData("2015-01-01 00:00:00+00:00", "2015-01-01T00:00:00Z")]
    [InlineData("2020-01-01T00:30:00+01:00", "2019-12-31T23:30:00Z")]
    [InlineData("2020-01-01T00:30:00-0530", "2020-01-01T06:00:00Z")]
    [InlineData("2020-01-01T00:30:00+02", "2019-12-31T22:30:00Z")]
    public void Times_are_read_as_ISO_writes_them(string text, string expected)
    {
        Assert.True(CellTime.TryTime(Encoding.UTF8.GetBytes(text), out var ticks));
        Assert.Equal(expected, CellTime.Text(ticks));
    }

    [Theory]
    [InlineData("2019-02-29")]
    [InlineData("01/02/2020")]
    [InlineData("2020-1-1")]
    [InlineData("2020-13-01")]
    [InlineData("2020-01-01T24:00")]
    [InlineData("2020-01-01T10:60")]
    [InlineData("2020-01-01T10:00:")]
    [InlineData("2020-01-01T10:00:00.")]
    [InlineData("2020-01-01T10:00:00+25:00")]
    [InlineData("2020-01-01T10:00:00 UTC")]
    [InlineData("20200101")]
    [InlineData("")]
    public void What_could_be_taken_for_another_day_is_no_time(string text) => Assert.False(CellTime.TryTime(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Different_values_are_counted_exactly_up_to_the_limit_and_then_closely()
    {
        var count = new DistinctCount();
        for (var i = 0; i < 10_000; i++)
            count.Add(RowHash.Of(i % 10_000.0));
        Assert.Equal((10_000L, true), (count.Count, count.IsExact));
        for (var i = 0; i < 600_000; i++)
            count.Add(RowHash.Of(i % 300_000.0));
        Assert.False(count.IsExact);
        Assert.InRange(count.Count, 300_000 * 0.97, 300_000 * 1.03);
    }

    [Fact]
    public void A_reservoir_holds_everything_that_fits_and_afterwards_a_fair_sample()
    {
        var small = new Reservoir(100, 7);
        foreach (var value in Enumerable.Range(0, 100))
            small.Add(value);
        Assert.True(small.IsWhole);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (double)i), small.Sorted());

        // A sample of a uniform stream is uniform: the distance is what chance makes it, in nineteen of twenty seeds.
        var strange = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            var reservoir = new Reservoir(500, seed);
            for (var i = 0; i < 20_000; i++)
                reservoir.Add(i / 20_000.0);
            double[] ideal = [.. Enumerable.Range(0, 20_000).Select(i => i / 20_000.0)];
            strange += Drift.KolmogorovP(Drift.Distance(ideal, reservoir.Sorted()), 500, 1e9) < 0.05 ? 1 : 0;
        }

        Assert.InRange(strange, 0, 8);
    }

    [Fact]
    public void Neighbours_that_resemble_each_other_are_worth_less()
    {
        var random = new Random(5);
        var series = new ErrorProcess("AR(0.8)", 0.8).Draw(random, 20_000);
        var memory = new SeriesMemory();
        foreach (var value in series)
            memory.Add(50_000 + value);
        Assert.Equal(0.8, memory.Autocorrelation, 0.02);
        Assert.Equal(50_000, memory.Mean, 0.1);
        Assert.Equal(1, memory.StandardDeviation, 0.05);
        Assert.Equal(9, SeriesMemory.RowsPerIndependent(memory.Autocorrelation, 20_000), 1.2);
        Assert.Equal(1, SeriesMemory.RowsPerIndependent(0.02, 20_000));
    }

    [Fact]
    public void Categories_that_come_in_runs_are_worth_less_and_shuffled_ones_are_not()
    {
        var random = new Random(9);
        var (runs, shuffled) = (new ColumnProfile(10, 1, isNumeric: false), new ColumnProfile(10, 1, isNumeric: false));
        for (var i = 0; i < 12_000; i++)
        {
            runs.AddText(i / 24 % 2 == 0 ? "day"u8 : "night"u8);
            shuffled.AddText(random.Next(2) == 0 ? "day"u8 : "night"u8);
        }

        Assert.InRange(runs.RowsPerIndependent, 15, 30);
        Assert.Equal(1, shuffled.RowsPerIndependent);
    }
}
