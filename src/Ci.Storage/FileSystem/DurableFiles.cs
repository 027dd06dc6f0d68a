namespace Ci.Storage.FileSystem;

/// <summary>
/// Files that survive a power cut whole: written beside their place, flushed, renamed over it, and the directory flushed too
/// (a rename is only durable once its directory is).
/// </summary>
public static class DurableFiles
{
    private const int FlushTogetherFrom = 32;
    private const int MostNameLength = 100;

    /// <summary>
    /// Replaces the file's content in one step; readers see the old bytes or the new ones. The directory must exist. What a process
    /// that was killed left unfinished is removed when the same file is replaced again; processes that replace in one folder wait for each other.
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var disk = Disk.Current;
        var temporary = UnfinishedOf(path);
        using var held = FolderLock.Take(Path.GetDirectoryName(path)!);
        try
        {
            if (File.Exists(temporary))
                disk.Delete(temporary);
            disk.Write(temporary, content, Disk.Plain);
            disk.Flush(temporary);
            Publish(temporary, path, overwrite: true);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
    }

    /// <summary>Renames a flushed temporary file to its place and flushes the directory.</summary>
    /// <exception cref="IOException">The place is taken and <paramref name="overwrite"/> is false.</exception>
    public static void Publish(string temporary, string path, bool overwrite)
    {
        Disk.Current.Rename(temporary, path, overwrite);
        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// Renames many written files to their places, durably: their bytes reach the disk before the first rename. Many at once are flushed
    /// by one call for the whole file system, where that is to be had; two calls then cost less than two for each file.
    /// </summary>
    /// <param name="files">Written but not flushed; a place that is taken is replaced. All on one file system.</param>
    /// <param name="root">A folder on that file system, above all places.</param>
    public static void PublishAll(IReadOnlyList<(string Temporary, string Path)> files, string root)
    {
        ArgumentNullException.ThrowIfNull(files);
        CreateDirectory(root);
        var disk = Disk.Current;
        var together = files.Count >= FlushTogetherFrom && disk.TryFlushAll(root);
        if (!together)
        {
            foreach (var (temporary, _) in files)
                disk.Flush(temporary);
        }

        // By folder: two renames in one folder wait for each other.
        var folders = files.GroupBy(f => Path.GetDirectoryName(f.Path)!, StringComparer.Ordinal).ToList();
        foreach (var folder in folders)
            CreateDirectory(folder.Key, flush: false);
        if (together)
            Together.Each(folders, folder => RenameAll(disk, folder));
        else
            RenameAll(disk, files);
        if (together && disk.TryFlushAll(root))
            return;
        foreach (var folder in folders.SelectMany(f => Above(f.Key, root)).Distinct(StringComparer.Ordinal))
            disk.Flush(folder);
    }

    /// <summary>A name for a file being written, in the same folder so that the rename cannot cross file systems.</summary>
    public static string TemporaryBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $"{BlobKeys.TemporaryPrefix}{Guid.NewGuid():N}");

    /// <summary>Makes the folder and all above it, each durable in its parent.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="flush">False when the caller makes it durable later, with more.</param>
    public static void CreateDirectory(string path, bool flush = true)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(parent))
            CreateDirectory(parent, flush);
        Disk.Current.CreateFolder(path);
        if (flush && !string.IsNullOrEmpty(parent))
            FlushDirectory(parent);
    }

    /// <summary>Removes a folder with all that it holds; links in it are removed, not followed.</summary>
    public static void DeleteDirectory(string path)
    {
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
        {
            if (entry is DirectoryInfo && entry.LinkTarget is null)
                DeleteDirectory(entry.FullName);
            else
                Disk.Current.Delete(entry.FullName);
        }

        Disk.Current.DeleteFolder(path);
    }

    /// <summary>Makes renames and removals in the folder durable. On Windows the file system journals them itself.</summary>
    public static void FlushDirectory(string path) => Disk.Current.Flush(path);

    // The folder, and those above it up to the root: any of them may be new.
    private static IEnumerable<string> Above(string folder, string root)
    {
        for (var at = folder; ; at = Path.GetDirectoryName(at)!)
        {
            yield return at;
            if (at.Length <= root.Length)
                yield break;
        }
    }

    /// <summary>Removes what is no longer wanted because something else went wrong, which is worth telling more.</summary>
    public static void DeleteQuietly(string path)
    {
        try
        {
            Disk.Current.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays; nothing reads what begins with the prefix of unfinished files.
        }
    }

    /// <summary>A name for a file being written that is always the same one, so that whoever is next finds it again; the end keeps it from looking like a file of its kind.</summary>
    public static string UnfinishedOf(string path)
    {
        var name = $"{BlobKeys.TemporaryPrefix}{Path.GetFileName(path)}~";
        return name.Length <= MostNameLength ? Path.Combine(Path.GetDirectoryName(path)!, name) : TemporaryBeside(path);
    }

    private static void RenameAll(IDisk disk, IEnumerable<(string Temporary, string Path)> files)
    {
        foreach (var (temporary, path) in files)
            disk.Rename(temporary, path, overwrite: true);
    }
}
