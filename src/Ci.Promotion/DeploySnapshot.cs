using Ci.Git;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>The deploy repository at one commit, typed. Policy is always read from here, never from a proposal.</summary>
public sealed class DeploySnapshot
{
    private const int MaxHistory = 100_000;

    private readonly GitRepository repository;

    internal DeploySnapshot(GitRepository repository, string commit)
    {
        this.repository = repository;
        Commit = commit;
    }

    /// <summary>The commit that everything is read from.</summary>
    public string Commit { get; }

    public static string ReleasePath(string model, Sha256Digest id) => $"releases/{model}/{id.Hex}.json";

    public static string BundlePath(string model, Sha256Digest id) => $"releases/{model}/{id.Hex}.sigstore.json";

    public Task<byte[]?> ReadAsync(string path, CancellationToken ct = default) => repository.ReadFileAsync(Commit, path, ct);

    /// <summary>The policy.</summary>
    /// <exception cref="PromotionException">The policy is missing or not valid.</exception>
    public async Task<Policy> PolicyAsync(CancellationToken ct = default) => PolicyFiles.ReadPolicy(
        await this.ReadAsync(Policy.Path, ct)
        ?? throw new PromotionException($"the deploy repository has no {Policy.Path}; `mlops new deploy-repository` makes one"));

    public async Task<IReadOnlyList<Freeze>> FreezesAsync(CancellationToken ct = default) => PolicyFiles.ReadFreezes(await this.ReadAsync(PolicyFiles.FreezesPath, ct));

    public async Task<AuditLog> AuditAsync(CancellationToken ct = default) => AuditLog.Read(await this.ReadAsync(AuditLog.Path, ct));

    /// <summary>What an environment wants; null while nothing is live there.</summary>
    /// <exception cref="ReleaseRefusedException">The file is not a channel, or that of another environment or model.</exception>
    public async Task<Channel?> ChannelAsync(string environment, string model, CancellationToken ct = default)
    {
        var path = Channel.PathOf(environment, model);
        if (await this.ReadAsync(path, ct) is not { } bytes)
            return null;
        var channel = Channel.Read(bytes);
        return channel.Environment == environment && channel.Model == model
            ? channel
            : throw new ReleaseRefusedException(RefusalCode.ChannelMalformed, $"{path} says that it is the channel of {channel.Model} in {channel.Environment}");
    }

    /// <summary>Every channel, by path.</summary>
    public async Task<IReadOnlyList<Channel>> ChannelsAsync(CancellationToken ct = default)
    {
        var channels = new List<Channel>();
        foreach (var entry in await repository.ListTreeAsync(Commit, "channels", recursive: true, ct))
        {
            if (entry.Path.Split('/') is [_, var environment, var file] && file.EndsWith(".json", StringComparison.Ordinal)
                && await this.ChannelAsync(environment, file[..^5], ct) is { } channel)
                channels.Add(channel);
        }

        return channels;
    }

    /// <summary>The release's document and signature bundle; null when it was never released here.</summary>
    public async Task<(byte[] Document, byte[] Bundle)?> ReleaseAsync(string model, Sha256Digest id, CancellationToken ct = default)
    {
        var document = await this.ReadAsync(ReleasePath(model, id), ct);
        var bundle = await this.ReadAsync(BundlePath(model, id), ct);
        return document is null || bundle is null ? null : (document, bundle);
    }

    /// <summary>The release, verified against these keys.</summary>
    /// <exception cref="ReleaseRefusedException">It does not verify.</exception>
    /// <exception cref="PromotionException">It is not here.</exception>
    public async Task<VerifiedRelease> VerifiedAsync(string model, Sha256Digest id, IReadOnlyList<TrustedKey> keys, CancellationToken ct = default)
    {
        var (document, bundle) = await this.ReleaseAsync(model, id, ct)
            ?? throw new PromotionException($"the deploy repository has no release {id.Brief} of {model} with its signature");
        var verified = ReleaseVerification.Verify(document, bundle, keys);
        return verified.Release.Id == id && verified.Release.Name == model
            ? verified
            : throw new ReleaseRefusedException(
                RefusalCode.ReleaseIdMismatch, $"{ReleasePath(model, id)} holds release {verified.Release.Id.Brief} of {verified.Release.Name}");
    }

    /// <summary>Whether a commit of this product wrote a channel with these bytes.</summary>
    internal async Task<bool> ExplainsAsync(Sha256Digest channel, CancellationToken ct) => (await repository.LogAsync(Commit, MaxHistory, ct)).Any(commit =>
        commit.Trailers.TryGetValue(DeployRepository.ChannelTrailer, out var digest) && digest == channel.Hex
        || commit.Body.Contains($"{DeployRepository.ChannelTrailer}: {channel.Hex}", StringComparison.Ordinal));

    /// <summary>The commits that wrote a channel and have no line in the audit log: their writer crashed, or lines were cut off at its end.</summary>
    public async Task<IReadOnlyList<GitCommit>> UnrecordedAsync(AuditLog log, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        var recorded = log.Entries.Where(entry => entry.PromotionId is not null).Select(entry => entry.PromotionId!.Value.Hex).ToHashSet(StringComparer.Ordinal);
        return [.. (await repository.LogAsync(Commit, MaxHistory, ct)).Where(commit => commit.Trailers.TryGetValue(DeployRepository.PromotionTrailer, out var id) && !recorded.Contains(id))];
    }

    /// <summary>When a promotion's channel was written, and as what; null when it never was.</summary>
    internal async Task<(DateTimeOffset At, Channel? Channel)?> WrittenAsync(Sha256Digest promotionId, string environment, string model, CancellationToken ct) =>
        await this.PromotionAsync(promotionId, ct) is { } commit
            ? (commit.CommitterDate.ToUniversalTime(), await new DeploySnapshot(repository, commit.Id).ChannelAsync(environment, model, ct))
            : null;

    /// <summary>The commit that carries this promotion's trailer; null when it was never applied.</summary>
    public async Task<GitCommit?> PromotionAsync(Sha256Digest promotionId, CancellationToken ct = default) =>
        (await repository.LogAsync(Commit, MaxHistory, ct)).FirstOrDefault(c => c.Trailers.TryGetValue(DeployRepository.PromotionTrailer, out var id) && id == promotionId.Hex);
}
