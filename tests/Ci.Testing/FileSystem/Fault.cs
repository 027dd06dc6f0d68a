namespace Ci.Testing.FileSystem;

/// <summary>What happens at one operation of a <see cref="FaultyDisk"/>.</summary>
public enum Fault
{
    /// <summary>The process is killed just before it.</summary>
    KillBefore,

    /// <summary>The process is killed in the middle of it: half of the bytes are written.</summary>
    KillTorn,

    /// <summary>The process is killed just after it.</summary>
    KillAfter,

    /// <summary>The power goes just after it; every name is kept, the bytes of files that were not flushed are gone.</summary>
    PowerCutLosesBytes,

    /// <summary>The power goes just after it, and all that was not flushed is gone: bytes, names, removals.</summary>
    PowerCutLosesAll,

    /// <summary>From then on the disk is full.</summary>
    DiskFull,

    /// <summary>The operation fails with an input/output error.</summary>
    InputOutputError,

    /// <summary>The operation is not permitted.</summary>
    NoAccess,
}
