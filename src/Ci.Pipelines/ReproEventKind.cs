namespace Ci.Pipelines;

/// <summary>What a <see cref="ReproEvent"/> tells.</summary>
public enum ReproEventKind
{
    /// <summary>Nothing about the stage changed.</summary>
    Unchanged,

    /// <summary>Its outputs were put back from an earlier run with the same inputs.</summary>
    Reused,

    /// <summary>Another process works on it; the text says which, and what is waited for.</summary>
    Waiting,

    /// <summary>Its commands begin (dry: would begin).</summary>
    Running,

    /// <summary>Its commands wrote a line.</summary>
    Line,

    /// <summary>It ran to its end, and the lock names its outputs.</summary>
    Ran,
}
