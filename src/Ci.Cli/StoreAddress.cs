using Ci.Storage;

namespace Ci.Cli;

/// <summary>A blob store's address as people write it: a relative folder is relative to the working directory.</summary>
internal static class StoreAddress
{
    public static string Of(CliContext context, string address) => address.Contains("://", StringComparison.Ordinal) ? address : context.FullPath(address);

    /// <summary>Opens a store that no remote of <c>.dvc/config</c> describes; credentials come from the environment.</summary>
    public static IBlobStore Open(CliContext context, string address) =>
        BlobStores.Default.Open(new BlobLocation(Of(context, address)) { Environment = context.Environment, Time = context.Time });

    /// <summary>A repository's address: a URL or <c>user@host:path</c> as it is; a folder made absolute.</summary>
    /// <exception cref="CliException">The folder does not exist: git would say so too, but as if the network were to blame.</exception>
    public static string OfRepository(CliContext context, string address)
    {
        if (address.Contains("://", StringComparison.Ordinal) || (address.Contains(':', StringComparison.Ordinal) && !Directory.Exists(context.FullPath(address))))
            return address;
        var folder = context.FullPath(address);
        return Directory.Exists(folder)
            ? folder
            : throw new CliException($"the deploy repository {folder} does not exist; check --deploy, MLOPS_DEPLOY_REPOSITORY or `deploy:` in {ProjectSettings.FileName}");
    }
}
