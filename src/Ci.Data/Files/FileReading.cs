using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ci.Storage.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace Ci.Data.Files;

/// <summary>A file that is open to be read once from its beginning to its end, with what it was when it was opened.</summary>
internal sealed class FileReading : IDisposable
{
    private const int BufferBytes = 1 << 18;
    private const int Attempts = 3;

    private readonly string path;
    private readonly int descriptor = LinuxFiles.Unreadable;
    private readonly SafeFileHandle? handle;
    private long position;

    private FileReading(string path)
    {
        this.path = path;
        if (!OperatingSystem.IsLinux())
        {
            this.handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            this.Stamp = FileStamp.Of(path) ?? throw new DataException($"{path} is no file");
            return;
        }

        this.descriptor = LinuxFiles.OpenFile(path);
        if (this.descriptor < 0)
            throw DiskErrors.Of(Marshal.GetLastPInvokeError(), "read", path);
        var status = LinuxFiles.Look(this.descriptor) ?? throw new DataException($"{path} cannot be looked at");
        this.Stamp = status.Stamp;
        if (status.IsFile)
            return;
        this.Dispose();
        throw new DataException($"{path} is {status.Kind}, not a file");
    }

    public FileStamp Stamp { get; }

    /// <summary>Whether the file is still what it was when it was opened.</summary>
    public bool IsUnchanged => (OperatingSystem.IsLinux() ? LinuxFiles.Look(this.descriptor)?.Stamp : FileStamp.Of(this.path)) == this.Stamp;

    public static FileReading Open(string path) => new(path);

    /// <summary>Opens a file and does something with it, again when the file changed meanwhile.</summary>
    /// <returns>What the last, undisturbed call gave, with the stamp of what it read.</returns>
    /// <exception cref="DataException">The file goes on changing.</exception>
    public static (FileStamp Stamp, T Result) Undisturbed<T>(string path, Func<FileReading, T> read)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var reading = Open(path);
            var result = read(reading);
            if (reading.IsUnchanged)
                return (reading.Stamp, result);
        }

        throw new DataException($"{path} goes on changing while it is read; stop what is writing it and try again");
    }

    /// <summary>The MD5 of a file's bytes.</summary>
    public static (FileStamp Stamp, Hash128 Md5) Digest(string path) => Undisturbed(path, static reading => reading.Hash());

    /// <summary>Reads on until the buffer is full or the file at its end.</summary>
    public int Read(Span<byte> buffer)
    {
        int read;
        if (this.handle is null)
            read = LinuxFiles.Read(this.descriptor, buffer);
        else
            read = RandomAccess.Read(this.handle, buffer, this.position);
        if (read < 0)
            throw DiskErrors.Of(Marshal.GetLastPInvokeError(), "read", this.path);
        this.position += read;
        return read;
    }

    public void Dispose()
    {
        this.handle?.Dispose();
        if (this.descriptor >= 0)
            _ = LinuxFiles.Close(this.descriptor);
    }

#pragma warning disable CA5351 // DVC's formats name content by MD5; trust is never built on it (releases use SHA-256).
    private Hash128 Hash()
    {
        Span<byte> hash = stackalloc byte[Md5Text.Bytes];
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var read = this.Read(buffer.AsSpan(0, BufferBytes));
            if (read < BufferBytes)
            {
                MD5.HashData(buffer.AsSpan(0, read), hash);
                return Md5Text.Of(hash);
            }

            using var all = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            for (; read > 0; read = this.Read(buffer.AsSpan(0, BufferBytes)))
                all.AppendData(buffer, 0, read);
            all.GetHashAndReset(hash);
            return Md5Text.Of(hash);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
#pragma warning restore CA5351
}
