using Ci.EdgeAgent.Generations;
using Ci.Onnx;
using Ci.Statistics;

namespace Ci.EdgeAgent.Telemetry;

/// <summary>What one generation saw between two batches. Not thread-safe: <see cref="PredictionRecorder"/> holds the lock.</summary>
internal sealed class TelemetryInterval
{
    private const int MostFeatures = 256;
    private const int MostClasses = 16;
    private const int MostRowsOfARequest = 32;
    private readonly (string Name, QuantileSketch Sketch)[][] inputs;
    private readonly (string Name, QuantileSketch Sketch)[][] outputs;

    public TelemetryInterval(Generation generation, DateTimeOffset from)
    {
        (Release, Version, From) = (generation.Release, generation.Version, from);
        var features = FeatureNames.Of(generation.Instance.Metadata);
        inputs = [.. generation.Instance.Inputs.Select((tensor, i) => Sketches(tensor, i == 0 ? features : [], MostFeatures))];
        outputs = [.. generation.Instance.Outputs.Select(tensor => Sketches(tensor, [], MostClasses))];
    }

    public string Release { get; }

    public string Version { get; }

    public DateTimeOffset From { get; }

    public long Requests { get; private set; }

    public long Errors { get; private set; }

    public QuantileSketch Latency { get; } = new();

    public IEnumerable<(string Name, QuantileSketch Sketch)> Inputs => inputs.SelectMany(s => s);

    public IEnumerable<(string Name, QuantileSketch Sketch)> Outputs => outputs.SelectMany(s => s);

    public void Add(IReadOnlyList<OnnxValue> asked, IReadOnlyList<OnnxValue> answered, double milliseconds)
    {
        Requests++;
        Latency.Add(milliseconds);
        for (var i = 0; i < asked.Count; i++)
            Add(inputs[i], asked[i]);
        for (var i = 0; i < answered.Count; i++)
            Add(outputs[i], answered[i]);
    }

    public void AddError()
    {
        Requests++;
        Errors++;
    }

    private static void Add((string Name, QuantileSketch Sketch)[] columns, OnnxValue value)
    {
        switch (value.Type)
        {
            case OnnxElementType.Float: Add(columns, value.As<float>()); break;
            case OnnxElementType.Double: Add(columns, value.As<double>()); break;
            case OnnxElementType.Float16: Add(columns, value.As<Half>()); break;
            case OnnxElementType.Int64: Add(columns, value.As<long>()); break;
            case OnnxElementType.Int32: Add(columns, value.As<int>()); break;
            default: break; // Text, flags and bytes have no quantiles worth sending.
        }
    }

    private static void Add<T>((string Name, QuantileSketch Sketch)[] columns, ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        if (columns.Length == 0)
            return;
        var most = Math.Min(values.Length, columns.Length * MostRowsOfARequest);
        for (var i = 0; i < most; i++)
        {
            var value = double.CreateTruncating(values[i]);
            if (double.IsFinite(value))
                columns[i % columns.Length].Sketch.Add(value);
        }
    }

    private static (string Name, QuantileSketch Sketch)[] Sketches(TensorInfo tensor, IReadOnlyList<string> names, int most)
    {
        var width = tensor.Shape.Length >= 2 && tensor.Shape[1..].All(d => d > 0) ? tensor.Shape[1..].Aggregate(1L, (a, b) => a * b) : 1;
        if (width is 1 || width > most)
            return [(tensor.Name, new QuantileSketch())];
        return [.. Enumerable.Range(0, (int)width).Select(i => (names.Count == width ? names[i] : $"{tensor.Name}[{i}]", new QuantileSketch()))];
    }
}
