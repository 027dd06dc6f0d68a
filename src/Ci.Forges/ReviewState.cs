namespace Ci.Forges;

/// <summary>What a reviewer decided.</summary>
public enum ReviewState
{
    Commented,
    Approved,
    ChangesRequested,
    Dismissed,
}
