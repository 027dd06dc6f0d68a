namespace Ci.Evaluation;

/// <summary>ROC and precision–recall curves: of class 1 where there are two, else of each class against the rest.</summary>
public sealed record RankingSeries
{
    /// <summary>Classes that are drawn at most, those with the most rows.</summary>
    public const int MostClasses = 12;

    /// <summary>Points of a curve at most.</summary>
    public const int MostPoints = 102;

    /// <summary>In the order of the model's classes.</summary>
    public required IReadOnlyList<ClassCurves> Classes { get; init; }

    /// <summary>How many classes could be ranked; more than are drawn where there are many.</summary>
    public required int AllClasses { get; init; }

    /// <summary>Rows behind the curves.</summary>
    public required int Rows { get; init; }

    /// <summary>The mean of the areas over all classes, without weights; null where there is one curve.</summary>
    public CurveArea? MacroRocArea { get; init; }

    public CurveArea? MacroPrecisionRecallArea { get; init; }

    /// <summary>The intervals' confidence level.</summary>
    public double? Level { get; init; }

    /// <summary>How the intervals were found, in words.</summary>
    public string? Method { get; init; }
}
