using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>A folder for unfinished files that is this process's own while it lives; those of processes that were killed are swept away.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string LockSuffix = ".lock";
    private const int Attempts = 10;

    private readonly string home;
    private readonly FileStream held;

    /// <summary>Makes it.</summary>
    /// <param name="home">Where it and those of other processes lie.</param>
    public ScratchFolder(string home)
    {
        this.home = home;
        (this.Folder, this.held) = Take(home);
        try
        {
            Disk.Current.CreateFolder(this.Folder);
        }
        catch
        {
            this.held.Dispose();
            throw;
        }
    }

    public string Folder { get; }

    public string Name => Path.GetFileName(this.Folder);

    public void Dispose()
    {
        try
        {
            DurableFiles.DeleteDirectory(this.Folder);
            Disk.Current.Delete(this.Folder + LockSuffix);
            if (!Directory.EnumerateFileSystemEntries(this.home).Any())
                Disk.Current.DeleteFolder(this.home);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process has just made its own scratch folder beside ours; or it cannot be removed, and the next one sweeps it.
        }
        finally
        {
            this.held.Dispose();
        }
    }

    private static (string Folder, FileStream Held) Take(string home)
    {
        for (var attempt = 1; ; attempt++)
        {
            // The folder above holds what must last.
            DurableFiles.CreateDirectory(Path.GetDirectoryName(home)!);
            DurableFiles.CreateDirectory(home, flush: false);
            var folder = Path.Combine(home, Guid.NewGuid().ToString("N"));
            try
            {
                return (folder, new FileStream(folder + LockSuffix, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1));
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Another process removed the empty home, or swept the lock before it was ours.
            }
        }
    }

    /// <summary>Removes what processes left that are no more.</summary>
    /// <param name="home">Where they had it.</param>
    /// <param name="swept">Called with the name of each, to remove what it had elsewhere.</param>
    public static void Sweep(string home, Action<string> swept)
    {
        if (!Directory.Exists(home))
            return;
        foreach (var file in Directory.EnumerateFiles(home, "*" + LockSuffix))
        {
            try
            {
                using var dead = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
                var folder = file[..^LockSuffix.Length];
                swept(Path.GetFileName(folder));
                if (Directory.Exists(folder))
                    DurableFiles.DeleteDirectory(folder);
                Disk.Current.Delete(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Its process lives, or has just cleaned up itself, or is another user's.
            }
        }
    }
}
