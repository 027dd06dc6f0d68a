using Ci.Promotion;
using Ci.Releases;

namespace Ci.Cli;

/// <summary>The documents of some channels as devices need them, each verified: channels as they stand, and every release that they name.</summary>
internal sealed class EdgeContent
{
    private readonly SortedDictionary<string, byte[]> documents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> channels = new(StringComparer.Ordinal);
    private readonly Dictionary<Sha256Digest, Release> releases = [];

    /// <summary>Release documents and their signatures, by path.</summary>
    public IReadOnlyDictionary<string, byte[]> Documents => this.documents;

    /// <summary>Channels, by path.</summary>
    public IReadOnlyDictionary<string, byte[]> Channels => this.channels;

    public IReadOnlyCollection<Release> Releases => this.releases.Values;

    /// <summary>Adds a channel and what it names for any device.</summary>
    /// <exception cref="ReleaseRefusedException">A release does not verify.</exception>
    /// <exception cref="PromotionException">A release is not in the deploy repository.</exception>
    public async Task AddAsync(DeploySnapshot snapshot, Channel channel, IReadOnlyList<TrustedKey> keys, CancellationToken ct)
    {
        var path = Channel.PathOf(channel.Environment, channel.Model);
        this.channels[path] = await snapshot.ReadAsync(path, ct) ?? throw new CliException($"the deploy repository has no {path}");
        foreach (var id in channel.Pins.Values.Prepend(channel.Release).Distinct())
        {
            var verified = await snapshot.VerifiedAsync(channel.Model, id, keys, ct);
            var (document, bundle) = (await snapshot.ReleaseAsync(channel.Model, id, ct))!.Value;
            this.documents[DeploySnapshot.ReleasePath(channel.Model, id)] = document;
            this.documents[DeploySnapshot.BundlePath(channel.Model, id)] = bundle;
            this.releases[id] = verified.Release;
        }
    }

    /// <summary>The index over the channels, good from now on for so long.</summary>
    public MirrorIndex Index(DateTimeOffset now, TimeSpan valid) => new()
    {
        IssuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        Expires = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()) + valid,
        Channels = [.. this.channels.Select(c => new MirrorEntry { Path = c.Key, Sha256 = Sha256Digest.Of(c.Value) })],
    };
}
