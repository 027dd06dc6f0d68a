namespace Ci.Storage.FileSystem;

/// <summary>What a system call's number means, in the types that .NET uses for it and with a word on how to mend it.</summary>
public static class DiskErrors
{
    /// <summary>ENOSPC.</summary>
    public const int DiskFull = 28;

    private const int NoPermission = 1;
    private const int NotThere = 2;
    private const int NoAccess = 13;
    private const int NotFolder = 20;
    private const int ReadOnlyDisk = 30;
    private const int TooManyLinks = 40;
    private const int Quota = 122;

    /// <summary>The error to throw.</summary>
    /// <param name="number">The system's number (errno).</param>
    /// <param name="doing">What was tried, as a verb: <c>read</c>.</param>
    /// <param name="path">With what.</param>
    public static Exception Of(int number, string doing, string path)
    {
        var what = $"cannot {doing} {path}: ";
        return number switch
        {
            NoPermission or NoAccess => new UnauthorizedAccessException(what + "no permission; check the owner and mode of it and of its folder"),
            NotThere => new FileNotFoundException(what + "it, or its folder, does not exist", path),
            NotFolder => new DirectoryNotFoundException(what + "a file stands where a folder is needed"),
            TooManyLinks => new IOException(what + "its symbolic links lead in a circle", number),
            DiskFull => new IOException(what + "the disk is full; make room and try again", number),
            Quota => new IOException(what + "the disk quota is used up; make room and try again", number),
            ReadOnlyDisk => new IOException(what + "the file system is read-only", number),
            _ => new IOException(what + System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(number), number),
        };
    }
}
