namespace Ci.Pipelines;

/// <summary>What a <see cref="ReproEvent"/> tells.</summary>
public enum ReproEventKind
{
    /// <summary>Nothing about the stage changed.</summary>
    Unchanged,

    /// <summary>Its outputs were put back from an earlier run with the same inputs.</summary>
    Reused,

    /// <summary>It cannot begin yet; the text says what is waited for: another process, a resource.</summary>
    Waiting,

    /// <summary>Its commands begin (dry: would begin); the text has all of them, a line each.</summary>
    Running,

    /// <summary>Its commands wrote a line.</summary>
    Line,

    /// <summary>It ran to its end, and the lock names its outputs.</summary>
    Ran,

    /// <summary>One of its commands begins (dry: would begin): the text.</summary>
    Command,

    /// <summary>A new lock file comes to be; the text is its path.</summary>
    LockBegun,

    /// <summary>A lock file was written; the text is its path.</summary>
    LockWritten,

    /// <summary>Tracked data is as its pointer says.</summary>
    DataUnchanged,

    /// <summary>Tracked data, or outputs of a frozen stage, were looked at and recorded as they are.</summary>
    Verified,

    /// <summary>Something is fetched from a remote for it.</summary>
    Fetching,

    /// <summary>It is worth knowing, and not an error: the text.</summary>
    Warning,

    /// <summary>It failed: the text says why. Nothing of it was recorded.</summary>
    Failed,

    /// <summary>It was not begun, because something that it needs failed: the text names that.</summary>
    Skipped,
}
