using System.Runtime.CompilerServices;

namespace Ci.Storage.FileSystem;

/// <summary>
/// Blobs as files below a folder, the key being the relative path. Shared freely between processes and over network mounts: a put
/// is a flushed temporary file renamed into place. The folder is made by the first put; reading from a folder that does not exist is
/// <see cref="StorageUnavailableException"/>, since a mount may be missing.
/// </summary>
public sealed class FolderBlobStore(string root) : IBlobStore, IConditionalReads, IRangedReads, IRevalidatedReads, IBulkWrites
{
    private const int PortionSize = 8192;

    private readonly string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    public string Description => $"folder {this.root}";

    /// <summary>The folder itself, absolute.</summary>
    public string Root => this.root;

    internal static bool Accepts(string address) =>
        !address.Contains("://", StringComparison.Ordinal) || address.StartsWith("file://", StringComparison.Ordinal);

    internal static IBlobStore OfAddress(string address)
    {
        if (!address.StartsWith("file://", StringComparison.Ordinal))
            return new FolderBlobStore(address);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { IsFile: true, IsUnc: false }
            ? new FolderBlobStore(uri.LocalPath)
            : throw new UnknownBlobStoreException($"`{address}` is not a file address on this machine; write file:///absolute/path");
    }

    public Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default) =>
        Task.FromResult(this.Guard("look at", key, path =>
        {
            this.NeedRoot();
            var file = new FileInfo(path);
            return file.Exists ? InfoOf(key, file) : null;
        }));

    public Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Task.FromResult(this.Guard("read", key, path => this.Open(key, path, offset)));
    }

    public Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Task.FromResult(this.Guard("read", key, path =>
        {
            // Opened first, compared after: the open handle stays on the version that was compared.
            var stream = this.Open(key, path, offset);
            var file = new FileInfo(path);
            if (file.Exists && InfoOf(key, file).ETag == etag)
                return stream;
            stream.Dispose();
            throw new BlobChangedException(key, this.Description);
        }));
    }

    public Task<BlobRange> OpenRangeAsync(string key, long offset, long length, string? etag, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Task.FromResult(this.Guard("read", key, path =>
        {
            var stream = this.Open(key, path, offset);
            var info = InfoOf(key, new FileInfo(path));
            if (etag is null || info.ETag == etag)
                return new BlobRange(info, offset, stream);
            stream.Dispose();
            throw new BlobChangedException(key, this.Description);
        }));
    }

    public Task<BlobRange?> OpenIfChangedAsync(string key, string? etag, CancellationToken ct = default) =>
        Task.FromResult(this.Guard("read", key, path =>
        {
            var stream = this.Open(key, path, 0);
            var info = InfoOf(key, new FileInfo(path));
            if (etag is null || info.ETag != etag)
                return new BlobRange(info, 0, stream);
            stream.Dispose();
            return null;
        }));

    public async Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = this.PathOf(key);
        var temporary = DurableFiles.TemporaryBeside(path);
        try
        {
            if (mode == PutMode.IfAbsent && File.Exists(path))
                return InfoOf(key, new FileInfo(path));
            DurableFiles.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = Disk.Current.Create(temporary, Disk.Plain))
                await content.CopyToAsync(file, 1 << 17, ct);
            Disk.Current.Flush(temporary);
            return this.Publish(key, temporary, path, mode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileSystemErrors.Translate(error, "write", key, this.Description);
        }
        finally
        {
            DurableFiles.DeleteQuietly(temporary);
        }
    }

    public Task<int> PutFilesAsync(IReadOnlyCollection<(string Key, string File)> files, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        // In portions, so that a call that is ended half-way has stored most of what it copied.
        foreach (var portion in files.Chunk(PortionSize))
        {
            var written = portion.Select(f => (f.File, Path: this.PathOf(f.Key))).Select(f => (f.File, f.Path, Temporary: DurableFiles.TemporaryBeside(f.Path))).ToArray();
            try
            {
                DurableFiles.CreateDirectory(this.root);
                // Beside their places: a rename from one folder to another takes a lock over the whole file system.
                foreach (var folder in written.Select(f => Path.GetDirectoryName(f.Path)!).Distinct(StringComparer.Ordinal))
                    DurableFiles.CreateDirectory(folder, flush: false);
                var disk = Disk.Current;
                Parallel.ForEach(written, new ParallelOptions { CancellationToken = ct }, f => disk.Copy(f.File, f.Temporary, Disk.ReadOnly));
                DurableFiles.PublishAll([.. written.Select(f => (f.Temporary, f.Path))], this.root);
            }
            catch (Exception error)
            {
                foreach (var f in written)
                    DurableFiles.DeleteQuietly(f.Temporary);
                var cause = error is AggregateException { InnerException: { } inner } ? inner : error;
                if (cause is IOException or UnauthorizedAccessException)
                    throw FileSystemErrors.Translate(cause, "write", portion[0].Key, this.Description);
                throw;
            }
        }

        return Task.FromResult(files.Count);
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var slash = prefix.LastIndexOf('/');
        if (slash >= 0)
            BlobKeys.Validate(prefix[..slash]);
        this.NeedRoot();
        await Task.CompletedTask;
        var folder = slash < 0 ? "" : prefix[..(slash + 1)];
        foreach (var info in this.Walk(folder, prefix))
        {
            ct.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    public Task DeleteAsync(string key, CancellationToken ct = default)
    {
        this.Guard("remove", key, path =>
        {
            if (!File.Exists(path))
                return false;
            Disk.Current.Delete(path);
            DurableFiles.FlushDirectory(Path.GetDirectoryName(path)!);
            return true;
        });
        return Task.CompletedTask;
    }

    private static BlobInfo InfoOf(string key, FileInfo file) =>
        new(key, file.Length, $"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\"", new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));

    private BlobInfo Publish(string key, string temporary, string path, PutMode mode)
    {
        var info = InfoOf(key, new FileInfo(temporary));
        try
        {
            DurableFiles.Publish(temporary, path, overwrite: mode == PutMode.Overwrite);
            return info;
        }
        catch (IOException) when (mode == PutMode.IfAbsent && File.Exists(path))
        {
            // Somebody else put the same key in the meantime: theirs stands.
            return InfoOf(key, new FileInfo(path));
        }
    }

    private Stream Open(string key, string path, long offset)
    {
        this.NeedRoot();
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
            stream.Position = Math.Min(offset, stream.Length);
            return stream;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path))
        {
            throw new BlobNotFoundException(key, this.Description);
        }
    }

    // A folder sorts as its name with the slash: only so is the walk in ordinal order of whole keys ("a.b" before "a/b").
    private IEnumerable<BlobInfo> Walk(string folder, string prefix)
    {
        var directory = new DirectoryInfo(Path.Combine(this.root, folder));
        if (!directory.Exists)
            yield break;
        var entries = directory.EnumerateFileSystemInfos()
            .Where(entry => !entry.Name.StartsWith(BlobKeys.TemporaryPrefix, StringComparison.Ordinal))
            .Select(entry => (Key: folder + entry.Name + (entry is DirectoryInfo ? "/" : ""), Entry: entry))
            .Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(e.Key, StringComparison.Ordinal))
            .OrderBy(e => e.Key, StringComparer.Ordinal);
        foreach (var (key, entry) in entries)
        {
            if (entry is FileInfo file && key.StartsWith(prefix, StringComparison.Ordinal))
                yield return InfoOf(key, file);
            else if (entry is DirectoryInfo)
            {
                foreach (var inner in this.Walk(key, prefix))
                    yield return inner;
            }
        }
    }

    private string PathOf(string key) => Path.Combine(this.root, BlobKeys.Validate(key));

    private void NeedRoot()
    {
        if (!Directory.Exists(this.root))
            throw new StorageUnavailableException($"the blob store {this.Description} does not exist; check the path, or that the disk is mounted");
    }

    private T Guard<T>(string doing, string key, Func<string, T> action)
    {
        var path = this.PathOf(key);
        try
        {
            return action(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileSystemErrors.Translate(error, doing, key, this.Description);
        }
    }
}
