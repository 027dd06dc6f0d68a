namespace Ci.Evaluation;

/// <summary>What to evaluate and where to write. Paths are as the user gave them, relative to <see cref="Folder"/>.</summary>
public sealed record EvaluationRequest
{
    /// <summary>The folder that relative paths start from.</summary>
    public required string Folder { get; init; }

    public required string ModelPath { get; init; }

    /// <summary>What documents call the model; null takes the file's name.</summary>
    public string? ModelName { get; init; }

    /// <summary>The evaluation rows: CSV, or CSV under gzip.</summary>
    public required string DataPath { get; init; }

    /// <summary>The rows the model was trained on, to find leaks; null if they are not at hand.</summary>
    public string? TrainingDataPath { get; init; }

    /// <summary>How the rows were parted, where that was recorded; both tables must then be parts of it.</summary>
    public SplitRecord? Split { get; init; }

    public required EvaluationSettings Settings { get; init; }

    /// <summary>Where <c>evaluation.json</c> goes.</summary>
    public required string OutPath { get; init; }

    /// <summary>Where the per-example predictions go, beside or below the evaluation; null writes none.</summary>
    public string? PredictionsPath { get; init; }

    /// <summary>Where a flat JSON object of metrics goes, as <c>dvc metrics</c> reads it; null writes none.</summary>
    public string? MetricsPath { get; init; }

    /// <summary>Measure how much each feature matters, by shuffling it: scores the rows again, several times a feature.</summary>
    public bool Importance { get; init; }

    /// <summary>Threads that score batches; the results do not depend on it.</summary>
    public int Threads { get; init; } = 1;
}
