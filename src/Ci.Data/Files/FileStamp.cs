namespace Ci.Data.Files;

/// <summary>What a file system says about a file cheaply; while it stays the same, the content is taken to be the same.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Nanoseconds since 1970 (100 ns steps where the system gives no more).</param>
/// <param name="Changed">The same for the last change of content or metadata; 0 where it is not known.</param>
/// <param name="Inode">The file's number; 0 where it is not known.</param>
/// <param name="IsExecutable">Its owner may run it.</param>
public readonly record struct FileStamp(long Size, long Modified, long Changed, long Inode, bool IsExecutable)
{
    /// <summary>The later of the two times.</summary>
    public long Youngest => Math.Max(this.Modified, this.Changed);

    /// <summary>Looks at a file, following symbolic links; null when there is no such file.</summary>
    public static FileStamp? Of(string path)
    {
        if (OperatingSystem.IsLinux())
            return LinuxFiles.Look(path) is { IsFile: true } status ? status.Stamp : null;
        return Of(new FileInfo(path));
    }

    internal static FileStamp? Of(FileInfo info)
    {
        if (!info.Exists)
            return null;
        var executable = !OperatingSystem.IsWindows() && info.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
        return new FileStamp(info.Length, (info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100, 0, 0, executable);
    }
}
