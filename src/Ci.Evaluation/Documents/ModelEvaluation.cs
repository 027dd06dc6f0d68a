using System.Text.Json;

namespace Ci.Evaluation;

/// <summary>
/// <c>evaluation.json</c>: the measured facts of one model on one data set. Numbers are finite; what could not be measured is null or
/// absent. (The type is not called Evaluation because the room is.) What a document may leave out is set again when it is null: the JSON
/// source generator sets every init-only property, absent ones to null, whatever their initializer says (dotnet/runtime#58770).
/// </summary>
public sealed record ModelEvaluation
{
    public const string CurrentSchema = "mlops.evaluation/v1";

    /// <summary>Bytes that a document may have.</summary>
    public const int MostBytes = 8 << 20;

    public string Schema { get; init; } = CurrentSchema;

    public required EvaluatedModel Model { get; init; }

    public required EvaluatedData Data { get; init; }

    /// <summary>One of <see cref="Tasks"/>: "regression", "binary", "multiclass".</summary>
    public required string Task { get; init; }

    /// <summary>The column that the model predicts.</summary>
    public required string Target { get; init; }

    /// <summary>The target's unit, such as "MW"; "" where it has none.</summary>
    public string Unit { get; init => field = value ?? ""; } = "";

    /// <summary>The names of the classes 0, 1, 2, … as they stand in the data; empty for a regression.</summary>
    public IReadOnlyList<string> Classes { get; init => field = value ?? []; } = [];

    /// <summary>Measured on the evaluation rows; the first decides headlines.</summary>
    public required IReadOnlyList<MetricValue> Metrics { get; init; }

    /// <summary>The same metrics on the rows the model was trained on: a leak to warn of, never a result. Empty where these were not given.</summary>
    public IReadOnlyList<MetricValue> TrainingMetrics { get; init => field = value ?? []; } = [];

    public IReadOnlyList<SliceValue> Slices { get; init => field = value ?? []; } = [];

    public LatencyFacts? Latency { get; init; }

    public MachineFacts? Machine { get; init; }

    /// <summary>The per-example predictions; null where they were not written, and no paired comparison is possible.</summary>
    public PredictionsFile? Predictions { get; init; }

    /// <summary>Small aggregated series for figures.</summary>
    public EvaluationSeries? Series { get; init; }

    /// <summary>How the intervals' resamples were drawn: seed, number, block length in rows.</summary>
    public ResamplingFacts? Resampling { get; init; }

    /// <summary>The metric of that name, or null.</summary>
    public MetricValue? Metric(string name) => this.Metrics.FirstOrDefault(m => m.Name == name);

    /// <summary>Reads a document: strict about what it knows, blind to fields that it does not know.</summary>
    /// <exception cref="EvaluationException">Too large, not JSON, another schema, a field missing or out of its range.</exception>
    public static ModelEvaluation Read(ReadOnlySpan<byte> json)
    {
        var evaluation = Document.Read(json, MostBytes, CurrentSchema, "an evaluation", EvaluationJson.Default.ModelEvaluation);
        EvaluationRules.Check(evaluation);
        return evaluation;
    }

    /// <summary>The document as indented UTF-8 JSON that ends in a line feed; equal evaluations give equal bytes.</summary>
    /// <exception cref="EvaluationException">A number is not finite or a field out of its range.</exception>
    public byte[] ToBytes()
    {
        EvaluationRules.Check(this);
        return [.. JsonSerializer.SerializeToUtf8Bytes(this, EvaluationJson.Default.ModelEvaluation), (byte)'\n'];
    }
}
