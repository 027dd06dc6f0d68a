using Ci.Releases;
using Ci.Statistics;

namespace Ci.Monitoring;

/// <summary>Between a sketch on the wire and one that can be asked.</summary>
internal static class Sketches
{
    public static QuantileSketch Read(SketchRecord record) => QuantileSketch.FromBuckets(new SketchBuckets
    {
        RelativeError = record.RelativeError,
        Count = record.Count,
        Sum = record.Sum,
        Min = record.Min,
        Max = record.Max,
        Zeros = record.Zeros,
        Positive = [.. record.Positive.Select(bucket => new SketchCell(bucket.Index, bucket.Count))],
        Negative = [.. record.Negative.Select(bucket => new SketchCell(bucket.Index, bucket.Count))],
    });

    /// <summary>All of them as one; null when there is none. One that cannot be merged (another error, inconsistent) is left out.</summary>
    public static QuantileSketch? Merge(IEnumerable<SketchRecord> records)
    {
        QuantileSketch? merged = null;
        foreach (var record in records)
        {
            try
            {
                var sketch = Read(record);
                if (merged is null)
                    merged = sketch;
                else
                    merged.Merge(sketch);
            }
            catch (ArgumentException)
            {
                // A device may send anything; the others' numbers stand without its.
            }
        }

        return merged is { Count: > 0 } ? merged : null;
    }
}
