namespace Ci.Reporting;

/// <summary>The rows that the models were measured on, and what is known of those they were trained on.</summary>
public sealed record ReportData
{
    public string? Path { get; init; }

    public string? Sha256 { get; init; }

    public required long Rows { get; init; }

    /// <summary>How evaluation and training rows were parted: "chronological", "random" and so on.</summary>
    public string? Split { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? TrainingPath { get; init; }

    public string? TrainingSha256 { get; init; }

    public long? TrainingRows { get; init; }

    /// <summary>Evaluation rows that also stand in the training data: a leak where it is not nought.</summary>
    public long? RowsAlsoInTraining { get; init; }
}
