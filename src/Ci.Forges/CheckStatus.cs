namespace Ci.Forges;

/// <summary>How far a check is.</summary>
public enum CheckStatus
{
    Queued,
    InProgress,
    Completed,
}
