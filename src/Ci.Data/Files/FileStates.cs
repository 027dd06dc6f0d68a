using System.Collections.Concurrent;
using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>
/// Digests of files, remembered by path and <see cref="FileStamp"/>, so that unchanged files are not read again. Losing the file that
/// holds them costs time only. Several processes may learn at the same time; none loses what another has saved.
/// </summary>
public sealed class FileStates
{
    // Beyond this, what was learnt before is let go: most of it is of files that are no more.
    private const int MostEntries = 1 << 23;
    private const string LockName = "files";

    // A file written again within one tick of the file system's clock keeps its stamp: digests of files this young are not kept.
    private const long SettledNanoseconds = 50_000_000;

    private readonly string path;
    private readonly TimeProvider time;
    private readonly FileLocks locks;
    private readonly Lazy<StateTable> known;
    private readonly ConcurrentDictionary<Hash128, StateEntry> learnt = new();
    private volatile bool changed;

    internal FileStates(string path, TimeProvider time, FileLocks locks)
    {
        this.path = path;
        this.time = time;
        this.locks = locks;
        this.known = new(() => StateTable.Open(path));
    }

    /// <summary>The MD5 of a file's bytes, read only if it is not known.</summary>
    /// <param name="file">Absolute.</param>
    /// <exception cref="DataException">The file does not exist, or goes on changing while it is read.</exception>
    public (FileStamp Stamp, string Md5) DigestOf(string file)
    {
        var key = FileKey.Of(file);
        var stamp = FileStamp.Of(file) ?? throw new DataException($"{file} is no file");
        if (this.TryFind(key, stamp, out var md5))
            return (stamp, Md5Text.Of(md5));
        (stamp, md5) = FileReading.Digest(file);
        this.Remember(key, stamp, md5);
        return (stamp, Md5Text.Of(md5));
    }

    /// <summary>Writes what was learnt. Failing to is no error: the next command computes it again.</summary>
    public void Save()
    {
        if (!this.changed)
            return;
        try
        {
            DurableFiles.CreateDirectory(Path.GetDirectoryName(this.path)!, flush: false);
            this.locks.While($"{LockName} {this.path}", this.Merge);
            this.changed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DataException)
        {
            // A read-only checkout, a full disk: the digests are only a convenience.
        }
    }

    /// <summary>What the file is, if it is still as it was when that was learnt.</summary>
    internal bool TryFind(Hash128 key, in FileStamp stamp, out Hash128 md5)
    {
        var found = this.TryFind(key, out var entry) && entry.Stamp == stamp;
        md5 = found ? entry.Md5 : default;
        return found;
    }

    internal bool TryFind(Hash128 key, out StateEntry entry) => this.learnt.TryGetValue(key, out entry) || this.known.Value.TryFind(key, out entry);

    /// <summary>Keeps a digest.</summary>
    /// <param name="key">Which file.</param>
    /// <param name="stamp">As it was before, and still was after it was read.</param>
    /// <param name="md5">Of its bytes.</param>
    /// <param name="settled">Nobody writes such files again, however young they are.</param>
    internal void Remember(Hash128 key, in FileStamp stamp, Hash128 md5, bool settled = false)
    {
        if (settled || this.IsSettled(stamp.Youngest))
            this.Remember(StateEntry.Of(key, stamp, md5));
    }

    internal void Remember(in StateEntry entry)
    {
        this.learnt[entry.Key] = entry;
        this.changed = true;
    }

    /// <summary>Whether a file is old enough for a further change to show in its stamp.</summary>
    public bool IsSettled(FileStamp stamp) => this.IsSettled(stamp.Youngest);

    /// <summary>Whether a change after this moment would show in the stamp.</summary>
    /// <param name="nanoseconds">Since 1970: when the file changed last.</param>
    internal bool IsSettled(long nanoseconds) => this.Now() - nanoseconds >= SettledNanoseconds;

    internal long Now() => (this.time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private void Merge()
    {
        var latest = this.learnt.Values.ToArray();
        Array.Sort(latest, static (a, b) => a.Key.CompareTo(b.Key));
        // Not the table that was opened at the beginning: others may have saved theirs since.
        using var now = StateTable.Open(this.path);
        var temporary = DurableFiles.TemporaryBeside(this.path);
        try
        {
            using (var stream = Disk.Current.Create(temporary, Disk.Plain))
            using (var buffered = new BufferedStream(stream, 1 << 16))
                StateTable.Write(buffered, now.Count > MostEntries ? StateTable.Empty : now, latest);
            Disk.Current.Rename(temporary, this.path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DurableFiles.DeleteQuietly(temporary);
            throw;
        }
    }
}
