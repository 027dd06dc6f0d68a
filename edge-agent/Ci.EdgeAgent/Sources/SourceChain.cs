using Ci.Releases;

namespace Ci.EdgeAgent.Sources;

/// <summary>
/// The configured source and what was carried here by hand. Whichever names the higher sequence for a channel is followed, so a stick brings
/// news to a device whose network is down, and never takes one back.
/// </summary>
internal sealed class SourceChain(IDeploySource? primary, ImportedBundles bundles, TrustedClock clock) : IDeploySource, IDisposable
{
    private const string Nothing = "-";

    public string Description => primary?.Description ?? "the imported bundles";

    public async Task<string> RefreshAsync(CancellationToken ct)
    {
        if (primary is null)
            return bundles.All().Count > 0 ? Nothing : throw new SourceUnavailableException("no bundle has been imported yet; carry one here and `edge-agent import FILE`");
        try
        {
            return await primary.RefreshAsync(ct);
        }
        catch (SourceUnavailableException) when (bundles.All().Count > 0)
        {
            return Nothing;
        }
    }

    public async Task<byte[]?> ReadAsync(string revision, string path, CancellationToken ct)
    {
        if (!path.StartsWith("channels/", StringComparison.Ordinal))
            return bundles.All().Select(b => b.Archive.Read(path)).FirstOrDefault(bytes => bytes is not null) ?? await PrimaryAsync(revision, path, ct);
        var carried = Carried(path, out var refused);
        var followed = await PrimaryAsync(revision, path, ct);
        if (carried is null)
            return followed ?? (revision == Nothing ? await ThrowAsync(refused, ct) : null);
        return followed is null || SequenceOf(followed) < carried.Value.Sequence ? carried.Value.Bytes : followed;
    }

    public void Dispose() => (primary as IDisposable)?.Dispose();

    private async Task<byte[]?> PrimaryAsync(string revision, string path, CancellationToken ct) =>
        primary is null || revision == Nothing ? null : await primary.ReadAsync(revision, path, ct);

    // The bundles do not know this channel: then why the source did not answer is what is to be told.
    private async Task<byte[]?> ThrowAsync(ReleaseRefusedException? refused, CancellationToken ct)
    {
        if (primary is not null)
            await primary.RefreshAsync(ct);
        return refused is null ? null : throw new SourceRefusedException(refused.Code, refused.Message, refused);
    }

    private (byte[] Bytes, long Sequence)? Carried(string path, out ReleaseRefusedException? refused)
    {
        refused = null;
        (byte[] Bytes, long Sequence)? best = null;
        foreach (var bundle in bundles.All())
        {
            try
            {
                bundle.CheckTime(clock);
                if (bundle.ChannelAt(path) is var (bytes, channel) && channel.Sequence > (best?.Sequence ?? 0))
                    best = (bytes, channel.Sequence);
            }
            catch (ReleaseRefusedException error)
            {
                // Told where there is nothing better to follow.
                refused = error;
            }
            catch (IOException)
            {
                // Removed, or a disk that fails: as good as not imported.
            }
        }

        return best;
    }

    private static long SequenceOf(byte[] channel)
    {
        try
        {
            return Channel.Read(channel).Sequence;
        }
        catch (ReleaseRefusedException)
        {
            return long.MaxValue; // Unreadable: the update itself refuses it, and says so.
        }
    }
}
