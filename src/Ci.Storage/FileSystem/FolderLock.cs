namespace Ci.Storage.FileSystem;

/// <summary>
/// Keeps other processes that do the same out of a folder, by <c>flock(2)</c> on the folder itself: nothing is left behind, and the
/// kernel lets go when the holder ends. Where a folder cannot be locked (some network mounts, other systems) nobody waits.
/// </summary>
internal readonly struct FolderLock : IDisposable
{
    private const int Exclusive = 2;

    private readonly int descriptor;

    private FolderLock(int descriptor) => this.descriptor = descriptor;

    public static FolderLock Take(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return new FolderLock(-1);
        var folderDescriptor = Posix.Open(folder, Posix.ReadFlag | Posix.CloseOnExec, UnixFileMode.None, "open");
        while (Posix.Flock(folderDescriptor, Exclusive) < 0 && Posix.WasInterrupted)
            continue;
        return new FolderLock(folderDescriptor);
    }

    public void Dispose()
    {
        if (this.descriptor >= 0)
            _ = Posix.Close(this.descriptor);
    }
}
