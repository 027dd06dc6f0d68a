namespace Ci.Data;

/// <summary>A folder for unfinished files that is this process's own while it lives; those of processes that were killed are swept away.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string LockSuffix = ".lock";

    private readonly string home;
    private readonly FileStream held;

    public ScratchFolder(string home)
    {
        this.home = home;
        Sweep(home);
        (this.Folder, this.held) = Take(home);
        Directory.CreateDirectory(this.Folder);
    }

    public string Folder { get; }

    public void Dispose()
    {
        Directory.Delete(this.Folder, recursive: true);
        File.Delete(this.Folder + LockSuffix);
        this.held.Dispose();
        try
        {
            Directory.Delete(this.home);
        }
        catch (IOException)
        {
            // Another process has its own scratch folder beside ours.
        }
    }

    private static (string Folder, FileStream Held) Take(string home)
    {
        for (var attempt = 1; ; attempt++)
        {
            Directory.CreateDirectory(home);
            var folder = Path.Combine(home, Guid.NewGuid().ToString("N"));
            try
            {
                return (folder, new FileStream(folder + LockSuffix, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1));
            }
            catch (IOException) when (attempt < 10)
            {
                // Another process removed the empty home, or swept the lock before it was ours.
            }
        }
    }

    private static void Sweep(string home)
    {
        if (!Directory.Exists(home))
            return;
        foreach (var file in Directory.EnumerateFiles(home, "*" + LockSuffix))
        {
            try
            {
                using var dead = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
                var folder = file[..^LockSuffix.Length];
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                File.Delete(file);
            }
            catch (IOException)
            {
                // Its process lives, or has just cleaned up itself.
            }
        }
    }
}
