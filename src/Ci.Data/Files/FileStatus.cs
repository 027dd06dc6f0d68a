namespace Ci.Data.Files;

/// <summary>All that one look at an entry tells.</summary>
/// <param name="Stamp">Of what it is, or of what the link leads to.</param>
/// <param name="Type">The type bits of its mode.</param>
/// <param name="Links">How many names the file has.</param>
/// <param name="Device">The file system it lies on.</param>
internal readonly record struct FileStatus(FileStamp Stamp, int Type, int Links, ulong Device)
{
    public const int FileType = 0x8000;
    public const int FolderType = 0x4000;

    public bool IsFile => this.Type == FileType;

    public bool IsFolder => this.Type == FolderType;

    /// <summary>What to call it in a message.</summary>
    public string Kind => this.Type switch
    {
        FileType => "a file",
        FolderType => "a folder",
        0x1000 => "a named pipe",
        0x2000 or 0x6000 => "a device",
        0xC000 => "a socket",
        _ => "neither file nor folder",
    };
}
