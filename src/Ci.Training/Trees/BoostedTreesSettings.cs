using Ci.Training.Parameters;

namespace Ci.Training.Trees;

/// <summary>Settings of <see cref="BoostedTreesTrainer"/>; defaults as in scikit-learn's HistGradientBoosting.</summary>
public sealed record BoostedTreesSettings
{
    private static readonly ChoiceParameter TaskParameter = new("task", "regression", ["regression", "binary", "multiclass"], "what the target is");
    private static readonly NumberParameter IterationsParameter = new("iterations", 100, 1, 100_000, "trees (per class) at most", Whole: true);
    private static readonly NumberParameter LearningRateParameter = new("learning_rate", 0.1, 1e-6, 1, "share of each tree's answer that is added");
    private static readonly NumberParameter MaxLeavesParameter = new("max_leaves", 31, 2, 65_536, "leaves of one tree at most", Whole: true);
    private static readonly NumberParameter MaxDepthParameter = new("max_depth", 0, 0, 1000, "splits from root to leaf at most; 0: no limit", Whole: true);
    private static readonly NumberParameter MinSamplesLeafParameter = new("min_samples_leaf", 20, 1, 1e9, "rows that a leaf needs at least", Whole: true);
    private static readonly NumberParameter L2Parameter = new("l2", 0, 0, 1e12, "penalty on leaf values");
    private static readonly NumberParameter MaxBinsParameter = new("max_bins", 255, 2, 255, "values that a feature is rounded to, besides missing", Whole: true);
    private static readonly NumberParameter SubsampleParameter = new("subsample", 1, 0.01, 1, "share of the rows drawn for each tree");
    private static readonly NumberParameter FeatureFractionParameter = new("feature_fraction", 1, 0.01, 1, "share of the features drawn for each tree");
    private static readonly NumberParameter PatienceParameter = new("patience", 0, 0, 100_000, "early stopping: iterations without a better validation metric; 0: off", Whole: true);
    private static readonly NumberParameter ValidationFractionParameter = new("validation_fraction", 0.1, 0.01, 0.9, "early stopping: share of the rows held back");
    private static readonly ChoiceParameter ValidationParameter = new("validation", "chronological", ["chronological", "random"], "early stopping: hold back the last rows, or random ones");

    public string Task { get; init; } = TaskParameter.Default;

    public int Iterations { get; init; } = (int)IterationsParameter.Default;

    public double LearningRate { get; init; } = LearningRateParameter.Default;

    public int MaxLeaves { get; init; } = (int)MaxLeavesParameter.Default;

    /// <summary>0: no limit.</summary>
    public int MaxDepth { get; init; }

    public int MinSamplesLeaf { get; init; } = (int)MinSamplesLeafParameter.Default;

    public double L2 { get; init; }

    public int MaxBins { get; init; } = (int)MaxBinsParameter.Default;

    public double Subsample { get; init; } = 1;

    public double FeatureFraction { get; init; } = 1;

    /// <summary>Iterations without improvement before stopping; 0: no early stopping, no rows held back.</summary>
    public int Patience { get; init; }

    public double ValidationFraction { get; init; } = ValidationFractionParameter.Default;

    /// <summary><c>chronological</c> (the last rows) or <c>random</c>.</summary>
    public string Validation { get; init; } = ValidationParameter.Default;

    internal static IReadOnlyList<Parameter> Parameters { get; } =
    [
        TaskParameter, IterationsParameter, LearningRateParameter, MaxLeavesParameter, MaxDepthParameter, MinSamplesLeafParameter, L2Parameter,
        MaxBinsParameter, SubsampleParameter, FeatureFractionParameter, PatienceParameter, ValidationFractionParameter, ValidationParameter,
    ];

    internal static BoostedTreesSettings Read(ParameterSection section) => new()
    {
        Task = section.Choice(TaskParameter),
        Iterations = section.Integer(IterationsParameter),
        LearningRate = section.Number(LearningRateParameter),
        MaxLeaves = section.Integer(MaxLeavesParameter),
        MaxDepth = section.Integer(MaxDepthParameter),
        MinSamplesLeaf = section.Integer(MinSamplesLeafParameter),
        L2 = section.Number(L2Parameter),
        MaxBins = section.Integer(MaxBinsParameter),
        Subsample = section.Number(SubsampleParameter),
        FeatureFraction = section.Number(FeatureFractionParameter),
        Patience = section.Integer(PatienceParameter),
        ValidationFraction = section.Number(ValidationFractionParameter),
        Validation = section.Choice(ValidationParameter),
    };
}
