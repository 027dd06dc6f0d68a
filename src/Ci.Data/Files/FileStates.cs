using System.Collections.Concurrent;
using System.Globalization;
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
    private const string Header = "mlops-files 1";

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
    /// <exception cref="DataException">The file does not exist, or goes on changing while it is read.</exception>
    public (FileStamp Stamp, string Md5) DigestOf(string file)
    {
        var stamp = FileStamp.Of(file) ?? throw new DataException($"{file} is no file");
        if (this.known.Value.TryGetValue(file, out var entry) && entry.Stamp == stamp)
            return entry;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var md5 = Read(file);
            if (FileStamp.Of(file) is not { } after)
                throw new DataException($"{file} vanished while it was read");
            if (after == stamp)
            {
                this.Remember(file, stamp, md5);
                return (stamp, md5);
            }

            stamp = after;
        }

        throw new DataException($"{file} goes on changing while it is read; stop what is writing it and try again");
    }

    /// <summary>Keeps a digest that is known from elsewhere, such as of a file just copied from the cache.</summary>
    public void Remember(string file, FileStamp stamp, string md5)
    {
        var age = this.time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(Math.Max(stamp.Modified, stamp.Changed) / 100);
        if (age < Settled)
            return;
        this.known.Value[file] = (stamp, md5);
        this.changed = true;
    }

    /// <summary>Writes what was learnt. Failing to is no error: the next command computes it again.</summary>
    public void Save()
    {
        if (!this.changed)
            return;
        var text = new StringBuilder(Header).Append('\n');
        foreach (var (file, (stamp, md5)) in this.known.Value.Where(entry => !entry.Key.Contains('\n', StringComparison.Ordinal)))
            text.Append(CultureInfo.InvariantCulture, $"{md5} {stamp.Size} {stamp.Modified} {stamp.Changed} {stamp.Inode} {(stamp.IsExecutable ? 1 : 0)} {file}\n");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(this.path)!);
            var temporary = DurableFiles.TemporaryBeside(this.path);
            File.WriteAllText(temporary, text.ToString());
            File.Move(temporary, this.path, overwrite: true);
            this.changed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A read-only checkout, a full disk: the digests are only a convenience.
        }
    }

#pragma warning disable CA5351 // DVC's formats name content by MD5; trust is never built on it (releases use SHA-256).
    private static string Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    }
#pragma warning restore CA5351

    private ConcurrentDictionary<string, (FileStamp Stamp, string Md5)> Load()
    {
        var all = new ConcurrentDictionary<string, (FileStamp, string)>(StringComparer.Ordinal);
        if (!File.Exists(this.path))
            return all;
        using var lines = File.ReadLines(this.path).GetEnumerator();
        if (!lines.MoveNext() || lines.Current != Header)
            return all;
        while (lines.MoveNext())
        {
            var p = lines.Current.Split(' ', 7);
            if (p.Length == 7 && Digest.IsValid(p[0]) && Numbers(p) is [var size, var modified, var changed, var inode, var executable])
                all[p[6]] = (new FileStamp(size, modified, changed, inode, executable == 1), p[0]);
        }

        return all;
    }

    private static long[]? Numbers(string[] parts)
    {
        var numbers = new long[5];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(parts[i + 1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return numbers;
    }
}
