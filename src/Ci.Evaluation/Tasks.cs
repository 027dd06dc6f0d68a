namespace Ci.Evaluation;

/// <summary>What a model predicts.</summary>
public static class Tasks
{
    /// <summary>A number.</summary>
    public const string Regression = "regression";

    /// <summary>One of two classes.</summary>
    public const string Binary = "binary";

    /// <summary>One of several classes.</summary>
    public const string Multiclass = "multiclass";

    public static readonly IReadOnlyList<string> All = [Regression, Binary, Multiclass];
}
