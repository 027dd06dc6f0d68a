namespace Ci.Evaluation;

/// <summary>Series for figures, at most a few hundred points each; what a task does not have is null.</summary>
public sealed record EvaluationSeries
{
    /// <summary>Means per span of time, where the key column holds times.</summary>
    public TimelineSeries? Timeline { get; init; }

    /// <summary>Regression: the histogram of prediction minus target.</summary>
    public ResidualSeries? Residuals { get; init; }

    /// <summary>Classification with at most 30 classes: how often each class was given each label.</summary>
    public ConfusionSeries? Confusion { get; init; }

    /// <summary>Binary: predicted probability against observed frequency, in tenths.</summary>
    public IReadOnlyList<CalibrationPoint>? Calibration { get; init; }

    /// <summary>Classification with probabilities: ROC and precision–recall curves.</summary>
    public RankingSeries? Ranking { get; init; }

    /// <summary>Regression: predictions against targets, counted in squares.</summary>
    public ActualSeries? Actual { get; init; }

    /// <summary>Permutation importance, where it was asked for.</summary>
    public ImportanceSeries? Importance { get; init; }
}
