using System.Collections.Concurrent;
using System.Globalization;
using Ci.Data.Files;
using Ci.Storage;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>
/// Objects that enter the cache together: written beside their places, flushed to the disk at once, then renamed. Ending at any moment
/// leaves whole objects or none; what a killed process left unfinished the next batch removes. May be added to from many threads.
/// </summary>
public sealed class ObjectBatch : IDisposable
{
    private const int Prefixes = 256;

    private readonly ObjectCache cache;
    private readonly Lazy<ScratchFolder> scratch;
    private readonly ConcurrentDictionary<Hash128, (string Temporary, string Path, Hash128 Md5)> objects = new();
    private readonly string?[] folders = new string?[Prefixes];
    private int number;

    internal ObjectBatch(ObjectCache cache)
    {
        this.cache = cache;
        var home = Path.Combine(cache.Folder, ".mlops");
        ScratchFolder.Sweep(home, this.RemoveUnfinished);
        this.scratch = new(() => new ScratchFolder(home));
    }

    public int Count => this.objects.Count;

    /// <summary>Takes bytes whose digest is known.</summary>
    public void Add(string md5, ReadOnlySpan<byte> bytes)
    {
        if (this.Contains(md5))
            return;
        var temporary = this.NewTemporary();
        Disk.Current.Write(temporary, bytes, Disk.ReadOnly);
        this.AddWritten(temporary, md5);
    }

    /// <summary>Takes a copy of a file whose digest is known.</summary>
    /// <exception cref="DataException">The file changed meanwhile.</exception>
    public void Add(string file, FileStamp stamp, string md5)
    {
        if (this.Contains(md5))
            return;
        var temporary = this.NewTemporary();
        Disk.Current.Copy(file, temporary, Disk.ReadOnly);
        // Had the file been written meanwhile, the copy could be anything: look again.
        if (FileStamp.Of(file) != stamp)
            throw new DataException($"{file} changed while it was taken into the cache; stop what is writing it and try again");
        this.AddWritten(temporary, md5);
    }

    public void Add(DirectoryListing listing)
    {
        ArgumentNullException.ThrowIfNull(listing);
        this.Add(listing.Md5, listing.Bytes);
    }

    /// <summary>A file to write an object's bytes to before <see cref="AddWritten(string, string)"/>.</summary>
    public string NewTemporary() => Path.Combine(this.scratch.Value.Folder, this.NextName());

    /// <summary>Takes a written file; its bytes must have been checked against the name.</summary>
    public void AddWritten(string temporary, string md5)
    {
        Disk.Current.SetMode(temporary, Disk.ReadOnly);
        this.Keep(temporary, ObjectCache.KeyOf(md5), this.cache.PathOf(md5), Md5Text.Parse(md5));
    }

    /// <summary>Makes the objects appear, durably. The batch is empty then and can be used again.</summary>
    public void Commit()
    {
        if (this.objects.IsEmpty)
            return;
        var added = this.objects.ToArray();
        DurableFiles.PublishAll([.. added.Select(o => (o.Value.Temporary, o.Value.Path))], this.cache.Folder);
        Together.Each(added.Length, i => this.cache.Remember(added[i].Key, added[i].Value.Path, added[i].Value.Md5));
        this.objects.Clear();
    }

    public void Dispose()
    {
        try
        {
            // What was added and never committed, because something went wrong.
            foreach (var (temporary, _, _) in this.objects.Values)
                DurableFiles.DeleteQuietly(temporary);
        }
        finally
        {
            if (this.scratch.IsValueCreated)
                this.scratch.Value.Dispose();
        }
    }

    internal bool Contains(Hash128 md5) => this.objects.ContainsKey(md5) || this.cache.Has(md5);

    internal void Add(Hash128 md5, ReadOnlySpan<byte> bytes)
    {
        if (this.Contains(md5))
            return;
        var temporary = Path.Combine(this.FolderOf(md5), string.Concat(BlobKeys.TemporaryPrefix, this.scratch.Value.Name, "-", this.NextName()));
        try
        {
            Disk.Current.Write(temporary, bytes, Disk.ReadOnly);
        }
        catch
        {
            DurableFiles.DeleteQuietly(temporary);
            throw;
        }

        this.Keep(temporary, md5, this.cache.PathOf(md5), md5);
    }

    private bool Contains(string md5) => this.objects.ContainsKey(ObjectCache.KeyOf(md5)) || this.cache.Has(md5);

    // Two equal files may have been written at the same time; one of them will do.
    private void Keep(string temporary, Hash128 key, string path, Hash128 md5)
    {
        if (!this.objects.TryAdd(key, (temporary, path, md5)))
            Disk.Current.Delete(temporary);
    }

    private string NextName() => Interlocked.Increment(ref this.number).ToString("x", CultureInfo.InvariantCulture);

    private string FolderOf(Hash128 md5)
    {
        var prefix = (int)(md5.Upper >> 56);
        if (this.folders[prefix] is { } known)
            return known;
        var folder = Path.GetDirectoryName(this.cache.PathOf(md5))!;
        DurableFiles.CreateDirectory(this.cache.Folder);
        DurableFiles.CreateDirectory(folder, flush: false);
        return this.folders[prefix] = folder;
    }

    private void RemoveUnfinished(string name)
    {
        var place = Path.Combine(this.cache.Folder, "files", "md5");
        foreach (var folder in Directory.Exists(place) ? Directory.EnumerateDirectories(place) : [])
        {
            foreach (var file in Directory.EnumerateFiles(folder, $"{BlobKeys.TemporaryPrefix}{name}-*"))
                Disk.Current.Delete(file);
        }
    }
}
