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
    private readonly ConcurrentDictionary<UInt128, (string Temporary, bool IsFolder)> objects = new();
    private readonly string?[] folders = new string?[Prefixes];
    private int number;

    internal ObjectBatch(ObjectCache cache)
    {
        this.cache = cache;
        this.scratch = new(() => new ScratchFolder(Path.Combine(cache.Folder, ".mlops"), this.RemoveUnfinished));
    }

    public int Count => this.objects.Count;

    /// <summary>Takes bytes whose digest is known.</summary>
    public void Add(string md5, ReadOnlySpan<byte> bytes) => this.Add(Md5Text.Parse(md5), bytes, ObjectCache.IsListing(md5));

    public void Add(DirectoryListing listing)
    {
        ArgumentNullException.ThrowIfNull(listing);
        this.Add(listing.Md5, listing.Bytes);
    }

    /// <summary>A file to write an object's bytes to before <see cref="AddWritten(string, string)"/>.</summary>
    public string NewTemporary() => Path.Combine(this.scratch.Value.Folder, this.NextName());

    /// <summary>Takes a written file; its bytes must have been checked against the name.</summary>
    public void AddWritten(string temporary, string md5) => this.AddWritten(temporary, Md5Text.Parse(md5), ObjectCache.IsListing(md5));

    /// <summary>Makes the objects appear, durably. The batch is empty then and can be used again.</summary>
    public void Commit()
    {
        if (this.objects.IsEmpty)
            return;
        var added = this.objects.ToArray();
        DurableFiles.PublishAll([.. added.Select(o => (o.Value.Temporary, this.PathOf(o.Key, o.Value.IsFolder)))], this.cache.Folder);
        Together.Each(added.Length, i => this.cache.Remember(added[i].Key, added[i].Value.IsFolder));
        this.objects.Clear();
    }

    public void Dispose()
    {
        if (this.scratch.IsValueCreated)
            this.scratch.Value.Dispose();
    }

    internal bool Contains(UInt128 md5, bool isFolder = false) => this.objects.ContainsKey(ObjectCache.KeyOf(md5, isFolder)) || this.cache.Has(md5, isFolder);

    internal void Add(UInt128 md5, ReadOnlySpan<byte> bytes, bool isFolder = false)
    {
        if (this.Contains(md5, isFolder))
            return;
        var temporary = Path.Combine(this.FolderOf(md5), string.Concat(BlobKeys.TemporaryPrefix, this.scratch.Value.Name, "-", this.NextName()));
        Disk.Current.Write(temporary, bytes, Disk.ReadOnly);
        this.Keep(temporary, md5, isFolder);
    }

    internal void AddWritten(string temporary, UInt128 md5, bool isFolder = false)
    {
        Disk.Current.SetMode(temporary, Disk.ReadOnly);
        this.Keep(temporary, md5, isFolder);
    }

    // Two equal files may have been written at the same time; one of them will do.
    private void Keep(string temporary, UInt128 md5, bool isFolder)
    {
        if (!this.objects.TryAdd(ObjectCache.KeyOf(md5, isFolder), (temporary, isFolder)))
            Disk.Current.Delete(temporary);
    }

    private string PathOf(UInt128 key, bool isFolder) => this.cache.PathOf(ObjectCache.KeyOf(key, isFolder), isFolder);

    private string NextName() => Interlocked.Increment(ref this.number).ToString("x", CultureInfo.InvariantCulture);

    private string FolderOf(UInt128 md5)
    {
        var prefix = (int)(md5 >> 120);
        if (this.folders[prefix] is { } known)
            return known;
        var folder = Path.GetDirectoryName(this.cache.PathOf(md5))!;
        DurableFiles.CreateDirectory(folder, flush: false);
        return this.folders[prefix] = folder;
    }

    private void RemoveUnfinished(string name)
    {
        var objects = Path.Combine(this.cache.Folder, "files", "md5");
        foreach (var folder in Directory.Exists(objects) ? Directory.EnumerateDirectories(objects) : [])
        {
            foreach (var file in Directory.EnumerateFiles(folder, $"{BlobKeys.TemporaryPrefix}{name}-*"))
                Disk.Current.Delete(file);
        }
    }
}
