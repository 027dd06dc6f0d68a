namespace Ci.Testing.Device;

public enum DiskOperationKind
{
    MakeFolder,
    Create,
    Write,
    Truncate,
    Sync,
    Rename,
    SyncFolder,
    Delete,
}

/// <summary>One change of the disk, before or after which, or in the middle of which, the power may go.</summary>
public sealed record DiskOperation(int Number, DiskOperationKind Kind, string Path)
{
    public override string ToString() => $"{Number} {Kind} {Path}";
}
