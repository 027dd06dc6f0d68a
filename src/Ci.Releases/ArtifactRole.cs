namespace Ci.Releases;

/// <summary>What an artifact is for.</summary>
public static class ArtifactRole
{
    public const string Model = "model";
    public const string Golden = "golden";
    public const string Evaluation = "evaluation";
    public const string Verdict = "verdict";
    public const string Predictions = "predictions";
    public const string Other = "other";

    /// <summary>The roles that at most one artifact may have.</summary>
    internal static readonly string[] Single = [Model, Golden, Evaluation, Verdict, Predictions];

    public static bool IsKnown(string? role) => role == Other || Single.Contains(role, StringComparer.Ordinal);
}
