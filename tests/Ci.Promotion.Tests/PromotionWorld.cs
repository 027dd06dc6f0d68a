using System.Security.Cryptography;
using System.Text;
using Ci.Forges;
using Ci.Git;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Promotion.Tests;

/// <summary>A model repository on the simulated forge, a deploy repository, a blob store and a key: everything but a device.</summary>
internal sealed class PromotionWorld : IAsyncDisposable
{
    public const string Slug = "acme/energy-load";
    public const string Model = "energy-load";

    private static readonly GitOptions Options = new() { Environment = GitIsolation.Environment };

    private readonly TemporaryFolder folder = new();
    private readonly List<IDisposable> owned = [];

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ForgeSimulator Hub { get; private set; } = null!;

    public GitRepository Repository { get; private set; } = null!;

    public GitRepository DeployClone { get; private set; } = null!;

    public string DeployPath => folder.Of("deploy.git");

    public IBlobStore Store => BlobStores.Default.Open(folder.Of("blobs"));

    public static async Task<PromotionWorld> CreateAsync(string? staging = null, string vendor = "github")
    {
        var world = new PromotionWorld();
        Directory.CreateDirectory(world.folder.Of("blobs"));
        world.Hub = vendor == "github" ? await GitHubSimulator.StartAsync(world.folder.Of("hub")) : await GitLabSimulator.StartAsync(world.folder.Of("hub"));
        var remote = world.Hub.CreateRepository(Slug);
        remote.CommitFiles("main", "Start", ("params.yaml", "seed: 1\n"));
        world.Repository = await GitRepository.CloneAsync(remote.Path, world.folder.Of("model"), Options);

        await GitRepository.InitAsync(world.DeployPath, bare: true, o: Options);
        world.DeployClone = await GitRepository.InitAsync(world.folder.Of("deploy"), o: Options);
        await world.WriteDeployAsync(Policy.Path, $$"""
            environments:
              - name: development
                branch: main
              - name: staging
            {{staging ?? ""}}
              - name: production
            """);
        return world;
    }

    public async Task WriteDeployAsync(string path, string text)
    {
        var old = (await DeployClone.RemoteRefsAsync(DeployPath, ["refs/heads/main"])).GetValueOrDefault("refs/heads/main");
        if (old is not null)
            await DeployClone.FetchAsync(DeployPath, ["+refs/heads/main:refs/remotes/deploy/main"]);
        var tree = await DeployClone.WriteTreeAsync(old, new Dictionary<string, byte[]?> { [path] = Encoding.UTF8.GetBytes(text) });
        var commit = await DeployClone.CommitTreeAsync(tree, old is null ? [] : [old], $"Write {path}\n");
        Assert.Equal(PushOutcome.Accepted, await DeployClone.PushAsync(DeployPath, [new RefUpdate("refs/heads/main", commit, old)]));
    }

    public async Task<PromotionContext> ContextAsync(int seed = 1, IReadOnlyList<TrustedKey>? keys = null)
    {
        var deploy = await DeployRepository.OpenAsync(DeployPath, TimeProvider.System, new Random(seed), Options);
        var forge = ForgeProviders.Open(new ForgeAddress { Vendor = Hub.Vendor, ApiUrl = Hub.ApiUrl, Repository = Slug, Token = Hub.JobToken });
        owned.Add(deploy);
        owned.Add(forge);
        return new PromotionContext
        {
            Deploy = deploy, Branches = new ModelBranches(Repository), Store = Store, Keys = keys ?? [TrustedKey.Of(Key)], Forge = forge, Time = TimeProvider.System, Actor = "tester",
        };
    }

    /// <summary>Commits to main and makes a release of that commit.</summary>
    public async Task<(string Folder, Release Release)> ReleaseAsync(string version, string verdict = "pass", ECDsa? key = null)
    {
        var commit = Hub.Repository(Slug).CommitFiles("main", $"Train {version}", ("model.txt", version));
        await Repository.FetchAsync("origin", ["+refs/heads/*:refs/remotes/origin/*"]);
        var target = folder.Of($"release-{version}");
        var files = new[]
        {
            (Path: "model.onnx", Role: ArtifactRole.Model, Text: $"weights of {version}"), (Path: "golden.json", Role: ArtifactRole.Golden, Text: "{}"),
            (Path: "verdict.json", Role: ArtifactRole.Verdict, Text: $"{{\"schema\":\"mlops.verdict/v1\",\"outcome\":\"{verdict}\",\"for\":\"{version}\"}}"),
        };
        Directory.CreateDirectory(target);
        foreach (var file in files)
            await File.WriteAllTextAsync(Path.Combine(target, file.Path), file.Text);
        var artifacts = files.Select(f => new Artifact { Path = f.Path, Role = f.Role, Bytes = f.Text.Length, Sha256 = Sha256Digest.Of(Encoding.UTF8.GetBytes(f.Text)) }).ToList();
        var release = new Release
        {
            Name = Model, Version = version, Artifacts = artifacts, VerdictSha256 = artifacts[2].Sha256,
            Inputs = [new TensorSignature { Name = "x", Datatype = "FP32", Shape = [-1, 1] }],
            Outputs = [new TensorSignature { Name = "y", Datatype = "FP32", Shape = [-1, 1] }],
            Provenance = new Provenance { Commit = commit, Dirty = false, CreatedAt = DateTimeOffset.UnixEpoch },
            Golden = new GoldenReference { Path = "golden.json", Outputs = [new GoldenTolerance { Name = "y", AbsoluteTolerance = 0, RelativeTolerance = 0 }] },
            Limits = new DeviceLimits { MaxBytes = 1 << 20 },
        }.Seal();
        var document = release.ToBytes();
        await File.WriteAllBytesAsync(Path.Combine(target, Release.FileName), document);
        await File.WriteAllBytesAsync(Path.Combine(target, Release.BundleFileName), ReleaseVerification.Sign(key ?? Key, release, document));
        return (target, release);
    }

    /// <summary>A release, live in development.</summary>
    public async Task<Release> InDevelopmentAsync(string version, string verdict = "pass")
    {
        var (path, release) = await this.ReleaseAsync(version, verdict);
        await new PromotionApplication(await this.ContextAsync()).ReleaseAsync("development", path);
        return release;
    }

    public async Task<OpenedPromotion> OpenAsync(string environment) => await new PromotionOpening(await this.ContextAsync()).OpenAsync(environment, Model);

    public async Task<CheckResult> CheckAsync(int number) => await new PromotionCheck(await this.ContextAsync()).CheckAsync(number);

    public async Task MergeAsync(OpenedPromotion opened, MergeMethod method = MergeMethod.Merge) =>
        await (await this.ContextAsync()).Forge!.PullRequests.MergeAsync(opened.Number, method, opened.HeadSha);

    public async Task<ApplyOutcome> ApplyAsync(string environment) => await new PromotionApplication(await this.ContextAsync()).MergedAsync(environment, Model);

    /// <summary>Open, check, merge, apply.</summary>
    public async Task<ApplyOutcome> PromoteAsync(string environment)
    {
        var opened = await this.OpenAsync(environment);
        Assert.True((await this.CheckAsync(opened.Number)).Passed);
        await this.MergeAsync(opened);
        return await this.ApplyAsync(environment);
    }

    public async Task<DeploySnapshot> DeployAsync() => await (await this.ContextAsync()).Deploy.ReadAsync();

    public async Task<Channel?> ChannelAsync(string environment) => await (await this.DeployAsync()).ChannelAsync(environment, Model);

    public async Task<IReadOnlyList<string>> RemoteTagsAsync() =>
        [.. (await Repository.RemoteRefsAsync("origin", ["refs/tags/*"])).Keys.Where(name => !name.EndsWith("^{}", StringComparison.Ordinal)).Select(name => name["refs/tags/".Length..]).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        owned.ForEach(item => item.Dispose());
        await Hub.DisposeAsync();
        Key.Dispose();
        folder.Dispose();
    }
}
