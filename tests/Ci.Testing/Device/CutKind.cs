namespace Ci.Testing.Device;

/// <summary>What a cut at an operation leaves.</summary>
public enum CutKind
{
    /// <summary>The process is killed just before; the system goes on and keeps what it was given.</summary>
    Before,

    /// <summary>The process is killed just after.</summary>
    After,

    /// <summary>In the middle: a part of the bytes, or one of the two names of a rename between folders.</summary>
    Torn,

    /// <summary>The power goes just after: all that was not synced is lost, bytes and names.</summary>
    AllLost,

    /// <summary>The power goes just after: the names are there, the bytes that were not synced are not.</summary>
    BytesLost,

    /// <summary>The power goes just after: the bytes are there, the names that were not synced are not.</summary>
    NamesLost,

    /// <summary>The power goes just after: of what was not synced, some sectors and some names are there, whatever their order was.</summary>
    SomeLost,
}
