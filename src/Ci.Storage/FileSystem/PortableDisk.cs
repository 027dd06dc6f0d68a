namespace Ci.Storage.FileSystem;

/// <summary>The disk by what .NET offers everywhere.</summary>
internal sealed class PortableDisk : IDisk
{
    public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = new FileStream(path, NewFile(mode));
        file.Write(content);
    }

    public Stream Create(string path, UnixFileMode mode) => new FileStream(path, NewFile(mode));

    public void Copy(string source, string path, UnixFileMode mode)
    {
        File.Copy(source, path);
        this.SetMode(path, mode);
    }

    public bool TryLink(string source, string path, LinkType type, UnixFileMode mode)
    {
        if (type != LinkType.Symlink)
            return false;
        File.CreateSymbolicLink(path, source);
        return true;
    }

    public void Rename(string from, string to, bool overwrite) => File.Move(from, to, overwrite);

    public void Delete(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public void DeleteFolder(string path) => Directory.Delete(path);

    public void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    // On Windows the file system journals the names itself.
    public void Flush(string path)
    {
        if (!OperatingSystem.IsWindows())
            Posix.Flush(path);
        else if (!Directory.Exists(path))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1);
            file.Flush(flushToDisk: true);
        }
    }

    public bool TryFlushAll(string path) => false;

    internal static FileStreamOptions NewFile(UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 1 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return options;
    }
}
