using Ci.Data.Files;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>The files that people see: their digests, taking them into the cache, and putting them back.</summary>
public sealed class Workspace(Project project)
{
    private static readonly string[] Unseen = [".dvc", ".git", ".hg"];

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

    /// <summary>Takes what lies there into the cache.</summary>
    /// <exception cref="DataException">Nothing lies there.</exception>
    public Digest Save(string path)
    {
        if (Directory.Exists(path))
        {
            var (digest, listing, files) = this.Scan(path);
            foreach (var (file, stamp, md5) in files)
                project.Cache.Add(file, stamp, md5);
            project.Cache.Add(listing);
            return digest;
        }

        if (FileStamp.Of(path) is null)
            throw new DataException($"`{project.Shown(path)}` does not exist");
        var (found, name) = project.State.DigestOf(path);
        project.Cache.Add(path, found, name);
        return new Digest(name, found.Size, null, found.IsExecutable);
    }

    /// <summary>
    /// Makes the path be what the digest says, from the cache. Returns what was done. Content that is nowhere else is not overwritten
    /// unless forced.
    /// </summary>
    /// <exception cref="MissingDataException">The cache lacks it; nothing was changed.</exception>
    public Change Restore(string path, Digest digest, bool force = false)
    {
        var now = this.DigestOf(path);
        if (now?.Md5 == digest.Md5)
            return Change.None;
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

        foreach (var (file, md5) in wanted)
            this.RestoreFile(file, md5, executable: false);
        RemoveEmptyFolders(path);
    }

    private static void RemoveEmptyFolders(string path)
    {
        foreach (var inner in Directory.EnumerateDirectories(path))
        {
            RemoveEmptyFolders(inner);
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

    private (Digest Digest, DirectoryListing Listing, List<(string File, FileStamp Stamp, string Md5)> Files) Scan(string folder)
    {
        DataIgnore.RefusePatterns(project.Root);
        var files = new List<(string File, FileStamp Stamp, string Md5)>();
        foreach (var file in Walk(folder, 0))
        {
            var (stamp, md5) = project.State.DigestOf(file);
            files.Add((file, stamp, md5));
        }

        var listing = DirectoryListing.Of(files.Select(f => (Path.GetRelativePath(folder, f.File).Replace(Path.DirectorySeparatorChar, '/'), f.Md5)));
        return (new Digest(listing.Md5, files.Sum(f => f.Stamp.Size), files.Count), listing, files);
    }

    // Links are followed, as DVC does; the depth bounds a link that leads back up.
    private static IEnumerable<string> Walk(string folder, int depth)
    {
        if (depth > 200)
            throw new DataException($"{folder}: folders nested deeper than 200; a symbolic link probably leads back to a folder above it");
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith(".~mlops-", StringComparison.Ordinal) || Unseen.Contains(entry.Name, StringComparer.Ordinal))
                continue;
            if (Directory.Exists(entry.FullName))
            {
                foreach (var inner in Walk(entry.FullName, depth + 1))
                    yield return inner;
            }
            else
                yield return entry.FullName;
        }
    }
}
