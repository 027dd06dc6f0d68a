using System.IO.Enumeration;
using Ci.Data.Files;
using Ci.Storage;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>The files that people see: their digests, taking them into the cache, and putting them back.</summary>
public sealed class Workspace(Project project)
{
    private const int TogetherFrom = 256;
    private const int BatchSize = 8192;
    private const int KeepBytes = 1 << 20;

    /// <summary>The digest of a file or folder; null when there is neither.</summary>
    public Digest? DigestOf(string path)
    {
        if (Directory.Exists(path))
            return this.Scan(path).Digest;
        if (FileStamp.Of(path) is null)
            return null;
        var (stamp, md5) = project.State.DigestOf(path);
        return new Digest(md5, stamp.Size, null, stamp.IsExecutable);
    }

    /// <summary>As <see cref="DigestOf(string)"/>; content that DVC 2 gave a digest and that is still the same keeps it.</summary>
    public Digest? DigestOf(string path, Digest? then) => then is { IsLegacy: true } ? LegacyDigests.Of(project, path, then) : this.DigestOf(path);

    /// <summary>As <see cref="Save(string)"/>; content that DVC 2 gave a digest and that is still the same keeps it.</summary>
    public Digest Save(string path, Digest? then)
    {
        if (then is not { IsLegacy: true } || this.DigestOf(path, then) is not { } now || now.Md5 != then.Md5)
            return this.Save(path);
        LegacyDigests.Keep(project, path, then.Md5);
        return now;
    }

    /// <summary>Takes what lies there into the cache, durably.</summary>
    /// <exception cref="DataException">Nothing lies there, or <c>.dvcignore</c> passes it over.</exception>
    public Digest Save(string path)
    {
        var isFolder = Directory.Exists(path);
        if (!isFolder && FileStamp.Of(path) is null)
            throw new DataException($"`{project.Shown(path)}` does not exist");
        if (project.Ignore.IgnoresAnywhere(path, isFolder))
            throw new DataException($"`{project.Shown(path)}` is passed over by a pattern in {IgnoreRules.Name}; change the pattern or track something else");
        using var batch = project.Cache.NewBatch();
        if (isFolder)
            return this.SaveFolder(path, batch);
        var (stamp, md5) = this.Take(path, batch);
        batch.Commit();
        return new Digest(md5, stamp.Size, null, stamp.IsExecutable);
    }

    /// <summary>
    /// Makes the path be what the digest says, from the cache. Returns what was done. Content that is nowhere else is not overwritten
    /// unless forced.
    /// </summary>
    /// <exception cref="MissingDataException">The cache lacks it; nothing was changed.</exception>
    public Change Restore(string path, Digest digest, bool force = false)
    {
        var now = this.DigestOf(path, digest);
        if (now?.Md5 == digest.Md5)
            return SetExecutable(path, now, digest);
        if (!project.Cache.HasAll(digest.Md5))
            throw new MissingDataException($"`{project.Shown(path)}` is not in the cache; get it with `mlops pull`", [path]);
        if (now is not null && !force && !this.IsSafe(path, now))
            throw new DataException($"`{project.Shown(path)}` was changed and that content is nowhere else; keep it with `mlops commit` or drop it with `mlops checkout --force`");
        if (digest.IsFolder)
            this.RestoreFolder(path, project.Cache.ReadListing(digest.Md5));
        else
            this.RestoreFile(path, digest.Md5, digest.IsExecutable);
        return now is null ? Change.Added : Change.Modified;
    }

    /// <summary>Removes a file or folder; what is not there is removed already.</summary>
    public void Remove(string path)
    {
        if (!project.Contains(path) || path == project.Root)
            throw new DataException($"`{path}` is outside of the project; mlops removes nothing there");
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    // The bit is part of what was recorded; one that appeared since is nobody's loss.
    private static Change SetExecutable(string path, Digest now, Digest then)
    {
        if (!then.IsExecutable || now.IsExecutable || OperatingSystem.IsWindows())
            return Change.None;
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return Change.Modified;
    }

    private bool IsSafe(string path, Digest now) =>
        now.IsFolder ? this.Scan(path).Files.All(f => project.Cache.Has(f.Md5)) : project.Cache.Has(now.Md5);

    private void RestoreFolder(string path, DirectoryListing listing)
    {
        if (File.Exists(path))
            File.Delete(path);
        Directory.CreateDirectory(path);
        var wanted = listing.Files.ToDictionary(f => Path.Combine(path, f.Path), f => f.Md5, StringComparer.Ordinal);
        foreach (var (file, _, md5) in this.Scan(path).Files)
        {
            if (wanted.GetValueOrDefault(file) == md5)
                wanted.Remove(file);
            else
                File.Delete(file);
        }

        Parallel.ForEach(wanted, file => this.RestoreFile(file.Key, file.Value, executable: false));
        RemoveLeftovers(path);
    }

    // Folders that hold nothing any more, and what a checkout that was killed had begun to write.
    private static void RemoveLeftovers(string path)
    {
        foreach (var unfinished in Directory.EnumerateFiles(path, BlobKeys.TemporaryPrefix + "*"))
            File.Delete(unfinished);
        foreach (var inner in Directory.EnumerateDirectories(path))
        {
            RemoveLeftovers(inner);
            if (!Directory.EnumerateFileSystemEntries(inner).Any())
                Directory.Delete(inner);
        }
    }

    private void RestoreFile(string path, string md5, bool executable)
    {
        if (Directory.Exists(path))
            this.Remove(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = DurableFiles.TemporaryBeside(path);
        try
        {
            File.Copy(project.Cache.PathOf(md5), temporary);
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
                const UnixFileMode run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
                File.SetUnixFileMode(temporary, executable ? plain | run : plain);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private Digest SaveFolder(string path, ObjectBatch batch)
    {
        var names = this.Walk(path, 0).ToList();
        var files = new (string File, FileStamp Stamp, string Md5)[names.Count];
        for (var begin = 0; begin < files.Length; begin += BatchSize)
        {
            Parallel.For(begin, Math.Min(begin + BatchSize, files.Length), i =>
            {
                var (stamp, md5) = this.Take(names[i], batch);
                files[i] = (names[i], stamp, md5);
            });
            batch.Commit();
        }

        // Only now: a listing in the cache always means a whole folder.
        var (digest, listing) = Describe(path, files);
        batch.Add(listing);
        batch.Commit();
        return digest;
    }

    // Small files are read once, for the digest and the copy both.
    private (FileStamp Stamp, string Md5) Take(string file, ObjectBatch batch)
    {
        var (stamp, md5, content) = project.State.Read(file, KeepBytes);
        if (content is not null)
            batch.Add(md5, content);
        else
            batch.Add(file, stamp, md5);
        return (stamp, md5);
    }

    private (Digest Digest, DirectoryListing Listing, (string File, FileStamp Stamp, string Md5)[] Files) Scan(string folder)
    {
        var names = this.Walk(folder, 0).ToList();
        var files = new (string File, FileStamp Stamp, string Md5)[names.Count];
        if (files.Length < TogetherFrom)
        {
            for (var i = 0; i < files.Length; i++)
                Look(i);
        }
        else
            Parallel.For(0, files.Length, Look);
        var (digest, listing) = Describe(folder, files);
        return (digest, listing, files);

        void Look(int i)
        {
            var (stamp, md5) = project.State.DigestOf(names[i]);
            files[i] = (names[i], stamp, md5);
        }
    }

    private static (Digest Digest, DirectoryListing Listing) Describe(string folder, (string File, FileStamp Stamp, string Md5)[] files)
    {
        var listing = DirectoryListing.Of(files.Select(f => (f.File[(folder.Length + 1)..].Replace(Path.DirectorySeparatorChar, '/'), f.Md5)));
        return (new Digest(listing.Md5, files.Sum(f => f.Stamp.Size), files.Length), listing);
    }

    // Links are followed, as DVC does; the depth bounds a link that leads back up.
    private IEnumerable<string> Walk(string folder, int depth)
    {
        if (depth > 200)
            throw new DataException($"{folder}: folders nested deeper than 200; a symbolic link probably leads back to a folder above it");
        var entries = new FileSystemEnumerable<(string Path, bool IsFolder)>(
            folder, (ref FileSystemEntry entry) => (entry.ToFullPath(), entry.IsDirectory), new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false });
        foreach (var (path, isFolder) in entries)
        {
            if (Path.GetFileName(path.AsSpan()).StartsWith(BlobKeys.TemporaryPrefix) || project.Ignore.Ignores(path, isFolder))
                continue;
            if (!isFolder)
                yield return path;
            else
            {
                foreach (var inner in this.Walk(path, depth + 1))
                    yield return inner;
            }
        }
    }
}
