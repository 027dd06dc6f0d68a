using Ci.Data;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary>What lies at an address that <c>import-url</c> takes: a file or folder here, or one object of a store.</summary>
internal static class AddressContent
{
    /// <summary>A file or folder of this machine; null when the address leads elsewhere.</summary>
    /// <param name="address">A path, <c>file://…</c>, or a store's address.</param>
    /// <param name="folder">Paths are relative to it.</param>
    public static string? LocalPath(string address, string folder)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && address.Contains("://", StringComparison.Ordinal))
            return uri.IsFile ? uri.LocalPath : null;
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(address, folder));
    }

    /// <summary>What a store says of the object without sending it: size and mark.</summary>
    public static async Task<BlobInfo> StatAsync(CliContext context, string address, CancellationToken ct)
    {
        var (store, key) = Open(context, address);
        return await store.StatAsync(key, ct) ?? throw Nothing(address);
    }

    /// <summary>Writes what lies there to a new file or folder.</summary>
    public static async Task CopyAsync(CliContext context, string address, string? local, string target, CancellationToken ct)
    {
        if (local is not null && Directory.Exists(local))
        {
            CopyFolder(local, target, 0);
            return;
        }

        if (local is not null && !File.Exists(local))
            throw Nothing(address);
        await using var source = local is not null ? File.OpenRead(local) : await OpenAsync(context, address, ct);
        await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        await source.CopyToAsync(file, ct);
    }

    private static async Task<Stream> OpenAsync(CliContext context, string address, CancellationToken ct)
    {
        var (store, key) = Open(context, address);
        try
        {
            return await store.OpenReadAsync(key, 0, ct);
        }
        catch (BlobNotFoundException)
        {
            throw Nothing(address);
        }
    }

    private static (IBlobStore Store, string Key) Open(CliContext context, string address)
    {
        var slash = address.LastIndexOf('/');
        if (address.AsSpan().ContainsAny('?', '#') || slash < address.IndexOf("://", StringComparison.Ordinal) + 3 || slash == address.Length - 1)
            throw new CliException($"`{address}` must lead to one file: https://host/path/file, s3://bucket/path/file; no query, no folder of a store");
        return (StoreAddress.Open(context, address[..slash]), Uri.UnescapeDataString(address[(slash + 1)..]));
    }

    private static void CopyFolder(string from, string to, int depth)
    {
        if (depth > 200)
            throw new DataException($"{from}: folders nested deeper than 200; a symbolic link probably leads back to a folder above it");
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to, entry.Name);
            if (Directory.Exists(entry.FullName))
                CopyFolder(entry.FullName, target, depth + 1);
            else
                File.Copy(entry.FullName, target);
        }
    }

    public static CliException Nothing(string address) => new($"nothing lies at `{address}`; check the address");
}
