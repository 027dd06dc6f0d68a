using Ci.Git;
using Ci.Promotion;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli.Baselines;

/// <summary>The release that production runs, fetched and verified as <c>mlops release fetch</c> does.</summary>
internal static class LiveBaseline
{
    private const string Environment = "production";

    /// <summary>Fetches it into a folder.</summary>
    /// <returns>The release, or why there is none. A release that must not be trusted is no reason but an error.</returns>
    public static async Task<(Release? Release, string Why)> FetchAsync(CliContext context, string folder, CancellationToken ct)
    {
        var settings = ProjectSettings.Load(context);
        if (settings.Find(null, "MLOPS_DEPLOY_REPOSITORY", "deploy") is not { } address || settings.Find(null, "MLOPS_STORE", "store") is not { } store || context.Variable("MLOPS_TRUSTED_KEYS") is null)
            return (null, "no registry is set up (MLOPS_DEPLOY_REPOSITORY, MLOPS_STORE, MLOPS_TRUSTED_KEYS)");
        try
        {
            var model = settings.Model(null);
            using var deploy = await DeployRepository.OpenAsync(StoreAddress.OfRepository(context, address), context.Time, new Random((int)context.Time.GetTimestamp()), GitSettings.Of(context), ct);
            var snapshot = await deploy.ReadAsync(ct);
            if (await snapshot.ChannelAsync(Environment, model, ct) is not { } channel)
                return (null, $"nothing of {model} is live in {Environment}");
            var verified = await snapshot.VerifiedAsync(model, channel.Release, TrustedKeys.Of(context), ct);
            var (document, bundle) = (await snapshot.ReleaseAsync(model, channel.Release, ct))!.Value;
            await new ReleaseDownload(verified, document, bundle, StoreAddress.Open(context, store)).ToAsync(folder, ct);
            return (verified.Release, "");
        }
        catch (Exception error) when (error is StorageUnavailableException or GitUnavailableException or BlobNotFoundException)
        {
            return (null, $"the live release could not be fetched ({error.Message})");
        }
    }
}
