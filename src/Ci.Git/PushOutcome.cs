namespace Ci.Git;

/// <summary>How a compare-and-swap push ended.</summary>
public enum PushOutcome
{
    /// <summary>Every reference is where it was asked to be.</summary>
    Accepted,

    /// <summary>Somebody else moved a reference first and nothing was changed: fetch, decide again, push again.</summary>
    Stale,
}
