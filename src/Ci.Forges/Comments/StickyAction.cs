namespace Ci.Forges;

/// <summary>What became of a sticky comment.</summary>
public enum StickyAction
{
    Created,
    Updated,

    /// <summary>It said the same already; nothing was written.</summary>
    Unchanged,

    /// <summary>A newer run has written already; ours was not.</summary>
    Outdated,
}
