using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>
/// Digests of files, remembered by path and <see cref="FileStamp"/>, so that unchanged files are not read again. Losing the file that
/// holds them costs time only.
/// </summary>
public sealed class FileStates
{
    private static readonly byte[] Header = "mlops-files 2\n"u8.ToArray();

    private const int MaxPathBytes = 1 << 16;
    private const int FixedBytes = 16 + (4 * sizeof(long)) + 1;

    // A file written again within one tick of the file system's clock keeps its stamp: digests of files this young are not kept.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(50);

    private readonly string path;
    private readonly TimeProvider time;
    private readonly Lazy<ConcurrentDictionary<string, (FileStamp Stamp, string Md5)>> known;
    private volatile bool changed;

    internal FileStates(string path, TimeProvider time)
    {
        this.path = path;
        this.time = time;
        this.known = new(this.Load);
    }

    /// <summary>The MD5 of a file's bytes, read only if it is not known.</summary>
    /// <param name="file">Absolute.</param>
    /// <param name="settled">Nobody writes such files again, however young they are.</param>
    /// <exception cref="DataException">The file does not exist, or goes on changing while it is read.</exception>
    public (FileStamp Stamp, string Md5) DigestOf(string file, bool settled = false)
    {
        var (stamp, md5, _) = this.Read(file, 0, settled);
        return (stamp, md5);
    }

    /// <summary>As <see cref="DigestOf"/>; a file that had to be read and is not longer than <paramref name="keep"/> bytes is returned, too.</summary>
    public (FileStamp Stamp, string Md5, byte[]? Content) Read(string file, int keep, bool settled = false)
    {
        var stamp = FileStamp.Of(file) ?? throw new DataException($"{file} is no file");
        if (this.known.Value.TryGetValue(file, out var entry) && entry.Stamp == stamp)
            return (entry.Stamp, entry.Md5, null);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var (md5, content) = Read(file, stamp.Size <= keep);
            if (FileStamp.Of(file) is not { } after)
                throw new DataException($"{file} vanished while it was read");
            if (after == stamp)
            {
                this.Remember(file, stamp, md5, settled);
                return (stamp, md5, content);
            }

            stamp = after;
        }

        throw new DataException($"{file} goes on changing while it is read; stop what is writing it and try again");
    }

    /// <summary>Keeps a digest that is known from elsewhere, such as of a file just copied from the cache.</summary>
    public void Remember(string file, FileStamp stamp, string md5, bool settled = false)
    {
        var age = this.time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(Math.Max(stamp.Modified, stamp.Changed) / 100);
        if (!settled && age < Settled)
            return;
        this.known.Value[file] = (stamp, md5);
        this.changed = true;
    }

    /// <summary>Writes what was learnt. Failing to is no error: the next command computes it again.</summary>
    public void Save()
    {
        if (!this.changed)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(this.path)!);
            var temporary = DurableFiles.TemporaryBeside(this.path);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                this.Write(stream);
            File.Move(temporary, this.path, overwrite: true);
            this.changed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A read-only checkout, a full disk: the digests are only a convenience.
        }
    }

#pragma warning disable CA5351 // DVC's formats name content by MD5; trust is never built on it (releases use SHA-256).
    private static (string Md5, byte[]? Content) Read(string file, bool keep)
    {
        if (keep)
        {
            var content = File.ReadAllBytes(file);
            return (Convert.ToHexStringLower(MD5.HashData(content)), content);
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        return (Convert.ToHexStringLower(MD5.HashData(stream)), null);
    }
#pragma warning restore CA5351

    private void Write(Stream stream)
    {
        stream.Write(Header);
        Span<byte> numbers = stackalloc byte[sizeof(int) + FixedBytes];
        foreach (var (file, (stamp, md5)) in this.known.Value)
        {
            var name = Encoding.UTF8.GetBytes(file);
            BinaryPrimitives.WriteInt32LittleEndian(numbers, name.Length);
            Convert.FromHexString(md5, numbers[4..20], out _, out _);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[20..], stamp.Size);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[28..], stamp.Modified);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[36..], stamp.Changed);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[44..], stamp.Inode);
            numbers[52] = stamp.IsExecutable ? (byte)1 : (byte)0;
            stream.Write(numbers);
            stream.Write(name);
        }
    }

    private ConcurrentDictionary<string, (FileStamp Stamp, string Md5)> Load()
    {
        if (!File.Exists(this.path))
            return new(StringComparer.Ordinal);
        var bytes = File.ReadAllBytes(this.path).AsSpan();
        if (!bytes.StartsWith(Header))
            return new(StringComparer.Ordinal);
        var all = new ConcurrentDictionary<string, (FileStamp, string)>(1, bytes.Length / 128, StringComparer.Ordinal);
        for (var rest = bytes[Header.Length..]; rest.Length >= sizeof(int) + FixedBytes;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            // A torn file, which a rename does not make: what was read so far is good.
            if (length is <= 0 or > MaxPathBytes || length > rest.Length - sizeof(int) - FixedBytes)
                break;
            var stamp = new FileStamp(
                BinaryPrimitives.ReadInt64LittleEndian(rest[20..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[28..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[36..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[44..]),
                rest[52] == 1);
            all[Encoding.UTF8.GetString(rest.Slice(sizeof(int) + FixedBytes, length))] = (stamp, Convert.ToHexStringLower(rest[4..20]));
            rest = rest[(sizeof(int) + FixedBytes + length)..];
        }

        return all;
    }
}
