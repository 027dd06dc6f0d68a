using Ci.Releases;
using Ci.Statistics;

namespace Ci.EdgeAgent.Telemetry;

/// <summary>Sketches as telemetry carries them.</summary>
internal static class SketchWire
{
    public static SketchRecord? Of(QuantileSketch sketch) => sketch.Count == 0 ? null : Record(sketch);

    public static Dictionary<string, SketchRecord> Of(IEnumerable<(string Name, QuantileSketch Sketch)> sketches)
    {
        var records = new Dictionary<string, SketchRecord>(StringComparer.Ordinal);
        foreach (var (name, sketch) in sketches)
        {
            if (sketch.Count > 0)
                records[name] = Record(sketch);
        }

        return records;
    }

    private static SketchRecord Record(QuantileSketch sketch)
    {
        var (buckets, count) = (sketch.ToBuckets(), sketch.Count);
        return new SketchRecord
        {
            RelativeError = sketch.RelativeError,
            Count = count,
            Sum = sketch.Sum,
            Min = sketch.Min,
            Max = sketch.Max,
            Zeros = sketch.Zeros,
            Positive = [.. buckets.Positive.Select(b => new SketchBucket { Index = b.Index, Count = b.Count })],
            Negative = [.. buckets.Negative.Select(b => new SketchBucket { Index = b.Index, Count = b.Count })],
        };
    }
}
