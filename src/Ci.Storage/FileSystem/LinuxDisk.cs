using System.Buffers;
using System.Runtime.InteropServices;

namespace Ci.Storage.FileSystem;

/// <summary>The disk by as few system calls as each step needs: with many small files, calls are what they cost.</summary>
internal sealed class LinuxDisk : IDisk
{
    private const nuint CloneRequest = 0x40049409; // FICLONE
    private const int SmallBytes = 1 << 16;
    private const int MostBytes = 1 << 30;

    public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var file = Posix.Open(path, Posix.NewFileFlags, mode, "make");
        try
        {
            Posix.WriteAll(file, content, path);
        }
        finally
        {
            _ = Posix.Close(file);
        }
    }

    public Stream Create(string path, UnixFileMode mode) => new EarlyStream(new FileStream(path, PortableDisk.NewFile(mode)));

    public void Copy(string source, string path, UnixFileMode mode)
    {
        var from = Posix.Open(source, Posix.ReadFlag | Posix.CloseOnExec, UnixFileMode.None, "read");
        try
        {
            var to = Posix.Open(path, Posix.NewFileFlags, mode, "make");
            try
            {
                Copy(from, to, source, path);
            }
            finally
            {
                _ = Posix.Close(to);
            }
        }
        finally
        {
            _ = Posix.Close(from);
        }
    }

    public bool TryLink(string source, string path, LinkType type, UnixFileMode mode) => type switch
    {
        LinkType.Reflink => TryClone(source, path, mode),
        LinkType.Hardlink => Linked(Posix.Link(source, path), path),
        LinkType.Symlink => Linked(Posix.Symlink(source, path), path),
        _ => false,
    };

    public void Rename(string from, string to, bool overwrite)
    {
        if (overwrite)
            Posix.Check(Posix.Rename(from, to), "rename to", to);
        else
            File.Move(from, to);
    }

    public void Delete(string path)
    {
        if (Posix.Unlink(path) < 0 && Marshal.GetLastPInvokeError() is not Posix.NotThere)
            throw Posix.Error("remove", path);
    }

    public void CreateFolder(string path)
    {
        const uint everything = 0x1ff;
        if (Posix.MakeFolder(path, everything) >= 0)
            return;
        var number = Marshal.GetLastPInvokeError();
        if (number is not Posix.Exists || !Directory.Exists(path))
            throw DiskErrors.Of(number, "make the folder", path);
    }

    public void DeleteFolder(string path) => Posix.Check(Posix.RemoveFolder(path), "remove the folder", path);

    public void SetMode(string path, UnixFileMode mode) => Posix.Check(Posix.ChangeMode(path, (uint)mode), "change the mode of", path);

    public void Flush(string path) => Posix.Flush(path);

    public bool TryFlushAll(string path)
    {
        var descriptor = Posix.Open(path, Posix.ReadFlag | Posix.CloseOnExec, UnixFileMode.None, "open");
        try
        {
            return Posix.Syncfs(descriptor) == 0;
        }
        finally
        {
            _ = Posix.Close(descriptor);
        }
    }

    private static void Copy(int from, int to, string source, string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SmallBytes);
        try
        {
            int read;
            while ((read = Posix.Read(from, buffer.AsSpan(0, SmallBytes), source)) > 0)
            {
                Posix.WriteAll(to, buffer.AsSpan(0, read), path);
                // The kernel copies the rest of a large file without a detour, where it can; what it leaves the loop takes.
                while (read == SmallBytes && Posix.CopyRange(from, 0, to, 0, MostBytes, 0) > 0)
                    continue;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryClone(string source, string path, UnixFileMode mode)
    {
        var from = Posix.Open(source, Posix.ReadFlag | Posix.CloseOnExec, UnixFileMode.None, "read");
        try
        {
            var to = Posix.Open(path, Posix.NewFileFlags, mode, "make");
            var cloned = Posix.Clone(to, CloneRequest, from) == 0;
            _ = Posix.Close(to);
            if (!cloned)
                _ = Posix.Unlink(path);
            return cloned;
        }
        finally
        {
            _ = Posix.Close(from);
        }
    }

    // Another device, a file system without links, a limit on their number: there are other ways. A full disk is not one of them.
    private static bool Linked(int result, string path) => result >= 0 || (Marshal.GetLastPInvokeError() is var number && number switch
    {
        1 or 18 or 31 or 38 or 95 => false, // EPERM EXDEV EMLINK ENOSYS EOPNOTSUPP
        _ => throw DiskErrors.Of(number, "link", path),
    });
}
