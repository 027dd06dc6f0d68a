using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Objects;
using Ci.Git;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Sources;

/// <summary>Everything that comes from outside, composed from the configuration: where channels are read and where blobs are fetched.</summary>
internal sealed class SourceSet : IDisposable
{
    private readonly ObjectFetcher fetcher;
    private readonly SourceChain chain;

    public SourceSet(AgentConfiguration configuration, AgentWorld world, IReadOnlyList<TrustedKey> keys, IDeviceFiles files, ObjectStore objects)
    {
        Proxy = ProxyRules.Of(world.Environment, configuration.Fetch.Proxy, configuration.Fetch.NoProxy);
        Memory = new SourceMemory(files, configuration.Data, new TrustedClock(world.Time));
        var sourceKeys = KeysOf(configuration, keys);
        var imports = new ImportedBundles(files, configuration.Data, sourceKeys);
        chain = new SourceChain(Primary(), imports, Memory.Clock);
        var policy = new FetchPolicy(configuration.Fetch, Memory.Clock, world.Time, files, configuration.Data);
        Mirror[] fixedMirrors =
        [
            .. configuration.Fetch.Peers.Select(peer => Mirror.OfPeer(Store(peer, 0), world.Time)),
            .. configuration.Fetch.Mirrors.Prepend(configuration.Store).Select(address => Mirror.Of(Store(address, 0), world.Time)),
        ];
        var carried = Mirror.Of(new BundleStore(imports), world.Time);
        fetcher = new ObjectFetcher(
            objects,
            () => imports.All().Count > 0 ? [carried, .. fixedMirrors] : fixedMirrors,
            policy, configuration.Fetch, world.Time, PollPace.SeedOf(configuration.Device));

        IDeploySource? Primary() =>
            configuration.SourceMirror is { } mirror ? new MirrorSource(Store(mirror, 1), sourceKeys, Memory)
            : configuration.SourceGit == AgentConfiguration.ImportsAlone ? null
            : new GitSource(
                configuration.SourceGit,
                configuration.SourceBranch,
                Path.Combine(configuration.Data, "source.git"),
                new GitOptions { Token = configuration.SourceToken, Timeout = TimeSpan.FromMinutes(2), Environment = GitProxy.Of(configuration.Fetch), MostFetchedBytes = GitSource.MostMirrorBytes });

        // Credentials come from the service's environment, never from the configuration, which may be shared.
        IBlobStore Store(string address, int retries) =>
            BlobStores.Default.Open(new BlobLocation(address) { Environment = world.Environment, Time = world.Time, Proxy = Proxy, Retries = retries });
    }

    public IDeploySource Source => chain;

    public IObjectFetcher Fetcher => fetcher;

    public SourceMemory Memory { get; }

    /// <summary>Through which proxies everything goes; null: what the process's environment says.</summary>
    public ProxyRules? Proxy { get; }

    /// <summary>The keys that may sign mirrors and bundles.</summary>
    public static IReadOnlyList<TrustedKey> KeysOf(AgentConfiguration configuration, IReadOnlyList<TrustedKey> releaseKeys) =>
        configuration.SourceKeys.Count == 0 ? releaseKeys : TrustedKeyFiles.Read(configuration.SourceKeys);

    public void Dispose()
    {
        chain.Dispose();
        fetcher.Dispose();
    }
}
