namespace Ci.Reporting.Tests;

/// <summary>A report as large as one may be.</summary>
internal static class Large
{
    public static Report Report
    {
        get
        {
            var sample = Samples.EnergyLoad;
            var rows = Enumerable.Range(0, 2_000).Select(index => sample.Slices!.Rows[index % sample.Slices.Rows.Count] with { Name = $"slice {index}", Rows = (index * 7919) % 5000 });
            return sample with { Slices = sample.Slices! with { Rows = [.. rows] } };
        }
    }
}
