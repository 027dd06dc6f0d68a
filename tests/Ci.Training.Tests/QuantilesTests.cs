using Ci.Training.Trees;

namespace Ci.Training.Tests;

public sealed class QuantilesTests
{
    [Fact]
    public void Few_values_are_cut_in_the_middle()
    {
        Assert.Equal([1.5f, 3f], Cuts([4, 1, 2, 2, 1, float.NaN]));
    }

    [Fact]
    public void Neighbouring_floats_are_still_parted()
    {
        var low = 30000f;
        var high = MathF.BitIncrement(low);

        var cut = Assert.Single(Cuts([low, high]));

        Assert.True(low <= cut && cut < high);
    }

    [Fact]
    public void Zero_has_no_sign()
    {
        Assert.Empty(Cuts([0f, -0f]));
    }

    [Fact]
    public void Many_values_are_cut_into_bins_of_like_size()
    {
        var numbers = new Random(4);
        var values = Enumerable.Range(0, 20000).Select(_ => (float)(Math.Pow(numbers.NextDouble(), 3) * 1000) - 200).ToArray();

        var cuts = Cuts(values);

        Assert.Equal(254, cuts.Length);
        Assert.Equal(cuts.Order(), cuts);
        var sizes = values.GroupBy(value => cuts.Count(cut => cut < value)).Select(bin => bin.Count()).ToArray();
        Assert.Equal(255, sizes.Length);
        Assert.All(sizes, size => Assert.InRange(size, 70, 87));
    }

    [Fact]
    public void A_column_of_missing_values_has_no_cut()
    {
        Assert.Empty(Cuts([float.NaN, float.NaN]));
    }

    private static float[] Cuts(float[] values) => Quantiles.Cuts(values, 255, new uint[values.Length], new uint[values.Length]);
}
