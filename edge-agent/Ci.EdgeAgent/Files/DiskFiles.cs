using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ci.EdgeAgent.Files;

/// <summary>The real disk.</summary>
internal sealed partial class DiskFiles : IDeviceFiles
{
    public static readonly DiskFiles Instance = new();
    private readonly HashSet<string> unsynced = new(StringComparer.Ordinal);

    public long? Length(string path)
    {
        var info = new FileInfo(path);
        return info.Exists ? info.Length : null;
    }

    public Stream OpenRead(string path) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);

    public IDeviceFile OpenAppend(string path)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        var file = new DiskFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        FileOwner.Inherit(path);
        return file;
    }

    public void Rename(string from, string to)
    {
        MakeFolder(Path.GetDirectoryName(to)!);
        File.Move(from, to, overwrite: true);
    }

    public void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS journals names; there is no directory handle to flush.
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"cannot open the folder {folder} to make it durable (errno {Marshal.GetLastPInvokeError()})");
        try
        {
            if (FSync(descriptor) != 0)
                throw new IOException($"cannot make the folder {folder} durable (errno {Marshal.GetLastPInvokeError()})");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public void Delete(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    public IReadOnlyList<string> List(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    public long FreeBytes(string path)
    {
        MakeFolder(path);
        return new DriveInfo(path).AvailableFreeSpace;
    }

    // Each folder's own name is made durable above it: syncing only the innermost would let a power cut take the whole branch. One whose
    // sync failed is there to be seen, and is synced again before anything is put into it.
    private void MakeFolder(string folder)
    {
        lock (unsynced)
        {
            if (Directory.Exists(folder) && !unsynced.Contains(folder))
                return;
            if (Path.GetDirectoryName(folder) is not { Length: > 0 } above)
                throw new DirectoryNotFoundException($"there is no {folder} to write into");
            MakeFolder(above);
            unsynced.Add(folder);
            Directory.CreateDirectory(folder);
            FileOwner.Inherit(folder);
            SyncFolder(above);
            unsynced.Remove(folder);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);

    private sealed class DiskFile(SafeFileHandle handle) : IDeviceFile
    {
        public long Length { get; private set; } = RandomAccess.GetLength(handle);

        public void Write(ReadOnlySpan<byte> bytes) => WriteAt(Length, bytes);

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(handle, bytes, offset);
            lock (handle)
                Length = Math.Max(Length, offset + bytes.Length);
        }

        public void Truncate(long length)
        {
            RandomAccess.SetLength(handle, length);
            Length = length;
        }

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
