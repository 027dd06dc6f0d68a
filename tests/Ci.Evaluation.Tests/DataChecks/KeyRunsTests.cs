namespace Ci.Evaluation.Tests.DataChecks;

public sealed class KeyRunsTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 100)]
    [InlineData(101, 100)]
    [InlineData(50_000, 1_000)]
    public void Keys_come_out_sorted_whether_they_fit_into_memory_or_not(int count, int runLength)
    {
        var random = new Random(count);
        using var runs = new KeyRuns(runLength);
        var keys = Enumerable.Range(0, count).Select(i => new RowKey((ulong)random.Next(5_000), (ulong)random.NextInt64(), i)).ToList();
        foreach (var key in keys)
            runs.Add(key);
        Assert.Equal(keys.Order(), runs.Sorted());
        Assert.Equal(count, runs.Count);
    }

    [Fact]
    public void Nothing_of_them_stays_on_the_disk()
    {
        var before = Directory.GetFiles(Path.GetTempPath(), "mlops-*.keys").Length;
        using (var runs = new KeyRuns(10))
        {
            for (var i = 0; i < 100; i++)
                runs.Add(new RowKey((ulong)(i * 7919 % 100), 0, i));
            Assert.Equal(100, runs.Sorted().Count());
        }

        Assert.True(Directory.GetFiles(Path.GetTempPath(), "mlops-*.keys").Length <= before);
    }

    [Fact]
    public void Numbers_keep_their_order_as_keys()
    {
        double[] values = [double.MinValue, -3.5, -1, -double.Epsilon, 0, double.Epsilon, 1e-300, 1, 2, 1e300];
        double[] mixed = [.. values.Reverse()];
        Assert.Equal(values, mixed.OrderBy(RowKey.Ordered));
        Assert.Equal(RowKey.Ordered(0), RowKey.Ordered(-0.0));
    }
}
