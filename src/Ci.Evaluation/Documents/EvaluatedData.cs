namespace Ci.Evaluation;

/// <summary>The rows that the model was measured on, and what is known of those it was trained on.</summary>
public sealed record EvaluatedData
{
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file's bytes as they lie there (compressed, if it is).</summary>
    public required string Sha256 { get; init; }

    public required long Rows { get; init; }

    /// <summary>How evaluation and training rows were parted, in words: "chronological, test from 2020".</summary>
    public string Split { get; init => field = value ?? ""; } = "";

    /// <summary>The first and the last value of the key column, where there is one.</summary>
    public string? From { get; init; }

    public string? To { get; init; }

    public string? TrainingPath { get; init; }

    public string? TrainingSha256 { get; init; }

    public long? TrainingRows { get; init; }

    /// <summary>Evaluation rows whose features and target all stand in one row of the training data too; null where no training data was given.</summary>
    public long? RowsAlsoInTraining { get; init; }
}
