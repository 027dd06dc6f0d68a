using System.Text;

namespace Ci.Data;

/// <summary>
/// An object that has arrived in part, kept below the cache until the rest does. Its name says which object of which version it is; while
/// it is open no other process continues it.
/// </summary>
internal sealed class PartialObject : IDisposable
{
    private const int LongestName = 250;

    private PartialObject(string path, FileStream file, string etag) => (this.Path, this.File, this.ETag) = (path, file, etag);

    public string Path { get; }

    public FileStream File { get; }

    /// <summary>The version on the remote whose beginning this is.</summary>
    public string ETag { get; }

    /// <summary>What an earlier download of the object left; null when there is nothing, or another process is at it.</summary>
    public static PartialObject? Find(string cacheFolder, string md5)
    {
        var folder = FolderOf(cacheFolder);
        if (!Directory.Exists(folder))
            return null;
        foreach (var path in Directory.EnumerateFiles(folder, md5 + "-*"))
        {
            try
            {
                var etag = Encoding.UTF8.GetString(Convert.FromHexString(System.IO.Path.GetFileName(path.AsSpan())[(md5.Length + 1)..]));
                return new PartialObject(path, new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.Asynchronous), etag);
            }
            catch (Exception error) when (error is IOException or FormatException)
            {
                // Another process has it, or somebody else's file lies here.
            }
        }

        return null;
    }

    /// <summary>Begins one; null when another process has begun it already, or the version cannot be named.</summary>
    public static PartialObject? Begin(string cacheFolder, string md5, string etag)
    {
        var name = $"{md5}-{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(etag))}";
        if (etag.Length == 0 || name.Length > LongestName)
            return null;
        var path = System.IO.Path.Combine(FolderOf(cacheFolder), name);
        Directory.CreateDirectory(FolderOf(cacheFolder));
        try
        {
            return new PartialObject(path, new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.Asynchronous), etag);
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Removes what nobody is continuing; the next download begins anew.</summary>
    public static void RemoveAll(string cacheFolder)
    {
        foreach (var path in Directory.Exists(FolderOf(cacheFolder)) ? Directory.EnumerateFiles(FolderOf(cacheFolder)) : [])
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
                System.IO.File.Delete(path);
            }
            catch (IOException)
            {
                // It is being written.
            }
        }
    }

    public void Dispose() => this.File.Dispose();

    private static string FolderOf(string cacheFolder) => System.IO.Path.Combine(cacheFolder, ".mlops", "partial");
}
