using System.Text;
using Ci.Storage;
using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>Makes files and folders what the cache says they were. Each file appears whole; ending at any moment leaves a folder that the same call completes.</summary>
internal sealed class FolderRestore(Project project, LinkTypes links)
{
    private const int TogetherFrom = 32;

    /// <summary>Makes a folder hold exactly the files of a listing that are not ignored.</summary>
    public void Restore(string path, DirectoryListing listing)
    {
        if (File.Exists(path))
            Disk.Current.Delete(path);
        DurableFiles.CreateDirectory(path, flush: false);
        var wanted = listing.Files.ToDictionary(f => Path.Combine(path, f.Path), f => f.Md5, StringComparer.Ordinal);
        var tree = new FolderDigests(project).Read(new FolderWalk(project.Ignore).Of(path));
        foreach (var (part, item) in tree.Files)
        {
            var file = part.PathOf(item);
            if (wanted.TryGetValue(file, out var md5) && Md5Text.Parse(md5) == part.Md5s![item])
                wanted.Remove(file);
            else
                Disk.Current.Delete(file);
        }

        foreach (var folder in wanted.Keys.Select(f => Path.GetDirectoryName(f)!).Distinct(StringComparer.Ordinal))
            this.MakeFolder(folder);
        if (wanted.Count < TogetherFrom)
        {
            foreach (var (file, md5) in wanted)
                this.Put(file, md5, executable: false);
        }
        else
            Together.Each(wanted, file => this.Put(file.Key, file.Value, executable: false));
        RemoveLeftovers(path);
        this.Learn(path, listing);
    }

    public void RestoreFile(string path, string md5, bool executable)
    {
        if (Directory.Exists(path))
            project.Workspace.Remove(path);
        DurableFiles.CreateDirectory(Path.GetDirectoryName(path)!, flush: false);
        // Nobody sweeps the folder beside a single file: what a killed run left there has a name that this one finds again.
        var unfinished = DurableFiles.UnfinishedOf(path);
        DurableFiles.DeleteQuietly(unfinished);
        this.Put(path, md5, executable, unfinished);
    }

    // Folders that hold nothing any more, and what a checkout that was killed had begun to write.
    private static void RemoveLeftovers(string path)
    {
        foreach (var unfinished in Directory.EnumerateFiles(path, BlobKeys.TemporaryPrefix + "*"))
            Disk.Current.Delete(unfinished);
        foreach (var inner in Directory.EnumerateDirectories(path))
        {
            if (new DirectoryInfo(inner).LinkTarget is not null)
                continue;
            RemoveLeftovers(inner);
            if (!Directory.EnumerateFileSystemEntries(inner).Any())
                Disk.Current.DeleteFolder(inner);
        }
    }

    // A folder may be wanted where a file was.
    private void MakeFolder(string folder)
    {
        for (var at = folder; project.Contains(at) && !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
        {
            if (File.Exists(at))
                Disk.Current.Delete(at);
        }

        DurableFiles.CreateDirectory(folder, flush: false);
    }

    private void Put(string path, string md5, bool executable, string? unfinished = null)
    {
        if (Directory.Exists(path))
            project.Workspace.Remove(path);
        var temporary = unfinished ?? DurableFiles.TemporaryBeside(path);
        try
        {
            links.Make(project.Cache.PathOf(md5), temporary, executable);
            Disk.Current.Rename(temporary, path, overwrite: true);
        }
        catch
        {
            DurableFiles.DeleteQuietly(temporary);
            throw;
        }
    }

    // What was just written need not be read again, as far as it is old enough for a change to show.
    private void Learn(string path, DirectoryListing listing)
    {
        var tree = new FolderWalk(project.Ignore).Of(path);
        if (tree.Count != listing.Files.Count)
            return;
        var known = listing.Files.ToDictionary(f => f.Path, f => Md5Text.Parse(f.Md5), StringComparer.Ordinal);
        foreach (var (part, item) in tree.Files)
        {
            if (known.TryGetValue(Encoding.UTF8.GetString(part.Relative) + Encoding.UTF8.GetString(part.NameOf(item)), out var md5))
                project.State.Remember(part.KeyOf(item), part.Items[item].Stamp, md5);
        }
    }
}
