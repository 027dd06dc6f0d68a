namespace Ci.Storage.FileSystem;

/// <summary>Tells apart what a person must mend (rights, space, read-only) from what may pass.</summary>
internal static class FileSystemErrors
{
    // .NET carries the errno of an unmapped Unix error in HResult; a full disk also has a Windows code of its own.
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int Quota = 122;
    private const int IsDirectory = 21;
    private const int NotDirectory = 20;
    private const int Exists = 17;
    private const int DiskFull = unchecked((int)0x80070070);

    public static StorageException Translate(Exception error, string doing, string key, string store)
    {
        var what = $"cannot {doing} `{key}` in {store}";
        return error switch
        {
            UnauthorizedAccessException => new StorageRefusedException($"{what}: no permission; check the owner and mode of the folder", error),
            IOException { HResult: NoSpace or Quota or DiskFull } => new StorageRefusedException($"{what}: the disk is full", error),
            IOException { HResult: ReadOnly } => new StorageRefusedException($"{what}: the file system is read-only", error),
            PathTooLongException => new StorageRefusedException($"{what}: the path is too long for this file system", error),
            IOException { HResult: IsDirectory or NotDirectory or Exists } or DirectoryNotFoundException =>
                new StorageRefusedException($"{what}: a blob and a folder want the same name", error),
            _ => new StorageUnavailableException($"{what}: {error.Message}", error),
        };
    }
}
