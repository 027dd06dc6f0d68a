namespace Ci.Cli;

/// <summary>A blob store's address as people write it: a relative folder is relative to the working directory.</summary>
internal static class StoreAddress
{
    public static string Of(CliContext context, string address) => address.Contains("://", StringComparison.Ordinal) ? address : context.FullPath(address);

    /// <summary>A repository's address: a URL or <c>user@host:path</c> as it is; a folder made absolute.</summary>
    public static string OfRepository(CliContext context, string address) =>
        address.Contains("://", StringComparison.Ordinal) || (address.Contains(':', StringComparison.Ordinal) && !Directory.Exists(context.FullPath(address)))
            ? address
            : context.FullPath(address);
}
