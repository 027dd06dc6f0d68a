using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>Files of the workspace that are links to objects, and how they become files of their own again.</summary>
internal sealed class FolderLinks(Project project, LinkTypes links)
{
    private const int Writable = 0x92; // a write bit of owner, group or others

    /// <summary>Links every file of a folder, whose digests are known, to its object.</summary>
    public void Relink(FolderTree tree)
    {
        foreach (var (part, item) in tree.Files)
            this.Relink(part.PathOf(item), part.Md5s![item], part.Items[item].Stamp.IsExecutable);
    }

    /// <summary>Replaces a file by a link to its object, in one step.</summary>
    public void Relink(string path, Hash128 md5, bool executable)
    {
        var source = project.Cache.PathOf(md5);
        var temporary = DurableFiles.TemporaryBeside(path);
        try
        {
            links.Make(source, temporary, executable);
            Disk.Current.Rename(temporary, path, overwrite: true);
            // Renaming one name of a file over another one of the same file does nothing at all, and leaves both.
            Disk.Current.Delete(temporary);
        }
        catch
        {
            DurableFiles.DeleteQuietly(temporary);
            throw;
        }

        if (!executable && FileStamp.Of(path) is { } stamp)
            project.State.Remember(FileKey.Of(path), stamp, md5);
    }

    /// <summary>Gives a file bytes of its own, if it shares them or may not be written to.</summary>
    /// <returns>1 if it was changed, else 0.</returns>
    public static int Unprotect(string path)
    {
        var file = new FileInfo(path);
        var isLink = file.LinkTarget is not null || (OperatingSystem.IsLinux() && LinuxFiles.Look(path) is { Links: > 1 });
        if (!isLink && ((int)file.UnixFileMode & Writable) != 0)
            return 0;
        var temporary = DurableFiles.TemporaryBeside(path);
        try
        {
            Disk.Current.Copy(path, temporary, Disk.Plain);
            Disk.Current.Rename(temporary, path, overwrite: true);
            return 1;
        }
        catch
        {
            DurableFiles.DeleteQuietly(temporary);
            throw;
        }
    }
}
