namespace Ci.Storage.FileSystem;

/// <summary>How one file can stand at two places without its bytes being there twice.</summary>
public enum LinkType
{
    /// <summary>A file of its own that shares the blocks until one of the two is written (Btrfs, XFS, ZFS, APFS).</summary>
    Reflink,

    /// <summary>A second name of the same file.</summary>
    Hardlink,

    /// <summary>A name that points to the other one.</summary>
    Symlink,

    /// <summary>No link at all: the bytes are there twice.</summary>
    Copy,
}
