using System.Collections.Concurrent;
using Ci.Data.Files;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>
/// Objects that enter the cache together: written to a scratch folder, flushed to the disk at once, then renamed to their places.
/// Ending at any moment leaves whole objects or none; what a killed process left in its scratch folder the next batch removes.
/// May be added to from many threads.
/// </summary>
public sealed class ObjectBatch : IDisposable
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly ObjectCache cache;
    private readonly Lazy<ScratchFolder> scratch;
    private readonly ConcurrentDictionary<string, string> objects = new(StringComparer.Ordinal);

    internal ObjectBatch(ObjectCache cache)
    {
        this.cache = cache;
        this.scratch = new(() => new ScratchFolder(Path.Combine(cache.Folder, ".mlops")));
    }

    public int Count => this.objects.Count;

    /// <summary>Takes bytes whose digest is known.</summary>
    public void Add(string md5, ReadOnlySpan<byte> bytes)
    {
        if (this.objects.ContainsKey(md5) || this.cache.Has(md5))
            return;
        var temporary = this.NewTemporary();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ReadOnly;
        using (var file = new FileStream(temporary, options))
            file.Write(bytes);
        this.objects.TryAdd(md5, temporary);
    }

    public void Add(DirectoryListing listing)
    {
        ArgumentNullException.ThrowIfNull(listing);
        this.Add(listing.Md5, listing.Bytes);
    }

    /// <summary>Takes a copy (a clone where the file system can) of a file whose digest is known.</summary>
    /// <exception cref="DataException">The file changed meanwhile.</exception>
    public void Add(string file, FileStamp stamp, string md5)
    {
        if (this.objects.ContainsKey(md5) || this.cache.Has(md5))
            return;
        var temporary = this.NewTemporary();
        File.Copy(file, temporary);
        // Had the file been written meanwhile, the copy could be anything: look again.
        if (FileStamp.Of(file) != stamp)
            throw new DataException($"{file} changed while it was taken into the cache; stop what is writing it and try again");
        this.AddWritten(temporary, md5);
    }

    /// <summary>A file to write an object's bytes to before <see cref="AddWritten"/>.</summary>
    public string NewTemporary() => Path.Combine(this.scratch.Value.Folder, Guid.NewGuid().ToString("N"));

    /// <summary>Takes a written file; its bytes must have been checked against the name.</summary>
    public void AddWritten(string temporary, string md5)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, ReadOnly);
        this.objects.TryAdd(md5, temporary);
    }

    /// <summary>Makes the objects appear, durably. The batch is empty then and can be used again.</summary>
    public void Commit()
    {
        if (this.objects.IsEmpty)
            return;
        DurableFiles.PublishAll([.. this.objects.Select(o => (o.Value, this.cache.PathOf(o.Key)))], this.cache.Folder);
        foreach (var md5 in this.objects.Keys)
            this.cache.Remember(md5);
        this.objects.Clear();
    }

    public void Dispose()
    {
        if (this.scratch.IsValueCreated)
            this.scratch.Value.Dispose();
    }
}
