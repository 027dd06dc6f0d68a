using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Evaluation;
using Ci.Forges;
using Ci.Git;
using Ci.Releases;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary>A forge, a deploy repository, a blob store, a key and a clock; signed releases with real evaluations; and the verbs, called in-process as a job calls them.</summary>
internal sealed class DeliveryWorld : IAsyncDisposable
{
    public const string Slug = "acme/energy-load";
    public const string Gates = "metric: rmse\ngates:\n  - {name: error, metric: rmse, rule: not-worse, margin: 1 %}\n";

    private static readonly GitOptions Options = new() { Environment = GitIsolation.Environment };

    private readonly TemporaryFolder folder = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private ForgeSimulator hub = null!;
    private GitRepository clone = null!;

    public ForgeSimulator Hub => this.hub;

    public SetClock Clock { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public string Blobs => this.folder.Of("blobs");

    public IReadOnlyList<TrustedKey> Keys => [TrustedKey.Of(this.key)];

    public string Of(string path) => this.folder.Of(path);

    private string DeployPath => this.folder.Of("deploy.git");

    public static async Task<DeliveryWorld> CreateAsync(string staging = "", string vendor = "github")
    {
        var world = new DeliveryWorld();
        Directory.CreateDirectory(world.Blobs);
        world.hub = vendor == "github" ? await GitHubSimulator.StartAsync(world.folder.Of("hub")) : await GitLabSimulator.StartAsync(world.folder.Of("hub"));
        var remote = world.hub.CreateRepository(Slug);
        remote.CommitFiles("main", "Start", ("mlops.yaml", "model: energy-load\n"), ("gates.yaml", Gates));
        world.clone = await GitRepository.CloneAsync(remote.Path, world.folder.Of("model"), Options);
        if (world.hub is GitLabSimulator gitlab)
            world.CheckedOutByRunner(gitlab, remote.Path);
        await GitRepository.InitAsync(world.DeployPath, bare: true, o: Options);
        await world.WriteDeployAsync("policy/environments.yaml", $"environments:\n  - name: development\n    branch: main\n  - name: staging\n{staging}  - name: production\n");
        await File.WriteAllTextAsync(world.folder.Of("key.pub"), world.key.ExportSubjectPublicKeyInfoPem());
        return world;
    }

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = this.Variables();
        var code = await CommandLine.RunAsync(arguments, new CliContext { Out = output, Error = error, Environment = environment, WorkingDirectory = this.clone.Path, Time = this.Clock });
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>What a job of this world has around it.</summary>
    public Dictionary<string, string> Variables()
    {
        var environment = new Dictionary<string, string>(GitIsolation.Environment, StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["MLOPS_STORE"] = this.Blobs, ["MLOPS_DEPLOY_REPOSITORY"] = this.DeployPath, ["MLOPS_TRUSTED_KEYS"] = this.folder.Of("key.pub"),
            ["MLOPS_SIGNING_KEY"] = this.key.ExportPkcs8PrivateKeyPem(),
        };
        foreach (var (name, value) in this.JobVariables())
            environment[name] = value;
        return environment;
    }

    /// <summary>Writes what a pipeline leaves of a candidate: model, predictions, evaluation.</summary>
    public static async Task WriteCandidateAsync(string folder, double errors, string data = "hours of 2020")
    {
        var model = "weights of the candidate"u8.ToArray();
        var predictions = Predictions(errors);
        await File.WriteAllBytesAsync(Path.Combine(folder, "model.onnx"), model);
        await File.WriteAllBytesAsync(Path.Combine(folder, "predictions.csv.gz"), predictions);
        await File.WriteAllBytesAsync(Path.Combine(folder, "evaluation.json"), Evaluation(model, predictions, errors, data).ToBytes());
    }

    // GitLab's runners leave the job's own token in the remote's address: it may read, and nothing else.
    private void CheckedOutByRunner(GitLabSimulator gitlab, string path)
    {
        var address = new UriBuilder(gitlab.GitUrl(Slug)) { UserName = "gitlab-ci-token", Password = gitlab.AddJobToken() }.Uri.AbsoluteUri;
        var config = Path.Combine(this.clone.Path, ".git", "config");
        File.WriteAllText(config, File.ReadAllText(config).Replace($"url = {path}", $"url = {address}", StringComparison.Ordinal));
    }

    // As the vendor's jobs set them.
    private Dictionary<string, string> JobVariables() => this.hub.Vendor == "github"
        ? new()
        {
            ["GITHUB_ACTIONS"] = "true", ["GITHUB_REPOSITORY"] = Slug, ["GITHUB_API_URL"] = this.hub.ApiUrl.AbsoluteUri,
            ["GITHUB_SERVER_URL"] = this.hub.ServerUrl.AbsoluteUri, ["GITHUB_TOKEN"] = this.hub.JobToken, ["GITHUB_ACTOR"] = "octocat",
        }
        : new()
        {
            ["GITLAB_CI"] = "true", ["CI_PROJECT_PATH"] = Slug, ["CI_API_V4_URL"] = this.hub.ApiUrl.AbsoluteUri,
            ["CI_SERVER_URL"] = this.hub.ServerUrl.AbsoluteUri, ["MLOPS_TOKEN"] = this.hub.JobToken, ["GITLAB_USER_LOGIN"] = "octocat", ["CI_PIPELINE_ID"] = "7",
        };

    /// <summary>Runs it, and it must succeed.</summary>
    public async Task<string> OkAsync(string arguments)
    {
        var (code, output, error) = await this.RunAsync(arguments.Split(' '));
        Assert.True(code == ExitCode.Ok, $"mlops {arguments}: {code}: {output}{error}");
        return output;
    }

    /// <summary>Commits to main, and puts a signed release of that commit, whose errors have this size, into development.</summary>
    public async Task<Release> ReleaseAsync(string version, double errors, string data = "hours of 2020", params (string Path, string Text)[] commit)
    {
        var head = this.hub.Repository(Slug).CommitFiles("main", $"Train {version}", [("model.txt", version), .. commit]);
        await this.clone.FetchAsync("origin", ["+refs/heads/*:refs/remotes/origin/*"]);
        var model = Encoding.UTF8.GetBytes($"weights of {version}");
        var predictions = Predictions(errors);
        var evaluation = Evaluation(model, predictions, errors, data).ToBytes();
        var files = new (string Path, string Role, byte[] Bytes)[]
        {
            ("model.onnx", ArtifactRole.Model, model), ("golden.json", ArtifactRole.Golden, "{}"u8.ToArray()), ("evaluation.json", ArtifactRole.Evaluation, evaluation),
            ("predictions.csv.gz", ArtifactRole.Predictions, predictions), ("verdict.json", ArtifactRole.Verdict, Encoding.UTF8.GetBytes($"{{\"schema\":\"mlops.verdict/v1\",\"outcome\":\"pass\",\"of\":\"{version}\"}}")),
        };
        var target = Directory.CreateDirectory(this.folder.Of($"release-{version}")).FullName;
        foreach (var file in files)
            await File.WriteAllBytesAsync(Path.Combine(target, file.Path), file.Bytes);
        var release = new Release
        {
            Name = "energy-load", Version = version, EvaluationSha256 = Sha256Digest.Of(evaluation), VerdictSha256 = Sha256Digest.Of(files[4].Bytes),
            Artifacts = [.. files.Select(file => new Artifact { Path = file.Path, Role = file.Role, Bytes = file.Bytes.Length, Sha256 = Sha256Digest.Of(file.Bytes) })],
            Inputs = [new TensorSignature { Name = "x", Datatype = "FP32", Shape = [-1, 1] }], Outputs = [new TensorSignature { Name = "y", Datatype = "FP32", Shape = [-1, 1] }],
            Provenance = new Provenance { Commit = head, Dirty = false, CreatedAt = DateTimeOffset.UnixEpoch },
            Golden = new GoldenReference { Path = "golden.json", Outputs = [new GoldenTolerance { Name = "y", AbsoluteTolerance = 0, RelativeTolerance = 0 }] },
            Limits = new DeviceLimits { MaxBytes = 1 << 20 },
        }.Seal();
        await File.WriteAllBytesAsync(Path.Combine(target, Release.FileName), release.ToBytes());
        await File.WriteAllBytesAsync(Path.Combine(target, Release.BundleFileName), ReleaseVerification.Sign(this.key, release, release.ToBytes()));
        await this.OkAsync($"promote apply --environment development --release {target}");
        return release;
    }

    /// <summary>Gives a release's folder to development once more.</summary>
    public Task<string> ApplyAgainAsync(string version) => this.OkAsync($"promote apply --environment development --release {this.folder.Of($"release-{version}")}");

    /// <summary>A pull request of a change to staging, as a person would open it; its number.</summary>
    public async Task<int> OpenByHandAsync()
    {
        using var forge = this.Forge();
        this.hub.Repository(Slug).CommitFiles("hotfix", "Hotfix", ("hotfix.txt", "quick"));
        return (await forge.PullRequests.OpenAsync("Hotfix", "", "hotfix", "staging")).Number;
    }

    /// <summary>Opens the promotion to staging; its number and head.</summary>
    public async Task<(int Number, string Head)> OpenAsync()
    {
        var opened = JsonNode.Parse(await this.OkAsync("promote open --to staging --json"))!;
        return ((int)opened["number"]!, (string)opened["headSha"]!);
    }

    public async Task MergeAsync((int Number, string Head) opened)
    {
        using var forge = this.Forge();
        await forge.PullRequests.MergeAsync(opened.Number, MergeMethod.Merge, opened.Head);
    }

    /// <summary>Open, check, merge, apply.</summary>
    public async Task PromoteAsync()
    {
        var opened = await this.OpenAsync();
        await this.OkAsync($"promote check --pull-request {opened.Number}");
        await this.MergeAsync(opened);
        await this.OkAsync("promote apply --environment staging");
    }

    /// <summary>Changes a byte of a stored file, and keeps its length.</summary>
    public void Damage(Release release)
    {
        var blob = Path.Combine(this.Blobs, "sha256", release.Model.Sha256.Hex[..2], release.Model.Sha256.Hex);
        var bytes = File.ReadAllBytes(blob);
        bytes[0] ^= 1;
        File.Delete(blob);
        File.WriteAllBytes(blob, bytes);
    }

    public async Task<string?> ReadDeployAsync(string path) =>
        await (await GitRepository.OpenAsync(this.DeployPath, Options)).ReadFileAsync("refs/heads/main", path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public async Task WriteDeployAsync(string path, string text)
    {
        var deploy = await GitRepository.OpenAsync(this.DeployPath, Options);
        var old = await deploy.ResolveAsync("refs/heads/main");
        var tree = await deploy.WriteTreeAsync(old, new Dictionary<string, byte[]?> { [path] = Encoding.UTF8.GetBytes(text) });
        var commit = await deploy.CommitTreeAsync(tree, old is null ? [] : [old], $"Write {path}\n");
        Assert.True(await deploy.UpdateRefAsync("refs/heads/main", commit, old));
    }

    public async ValueTask DisposeAsync()
    {
        await this.hub.DisposeAsync();
        this.key.Dispose();
        this.folder.Dispose();
    }

    private IForge Forge() => ForgeProviders.Open(new ForgeAddress { Vendor = this.hub.Vendor, ApiUrl = this.hub.ApiUrl, Repository = Slug, Token = this.hub.JobToken });

    // The same targets for every model; what differs is how far its predictions lie off.
    private static byte[] Predictions(double errors)
    {
        var random = new Random(7);
        using var buffer = new MemoryStream();
        using (var writer = new StreamWriter(new GZipStream(buffer, CompressionLevel.Fastest)))
        {
            writer.Write("row,key,target,prediction\n");
            for (var row = 1; row <= 300; row++)
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{row},{row},{100 + row},{100 + row + (errors * (random.NextDouble() - 0.5))}\n"));
        }

        return buffer.ToArray();
    }

    private static ModelEvaluation Evaluation(byte[] model, byte[] predictions, double errors, string data) => new()
    {
        Model = new EvaluatedModel { Name = "energy-load", Path = "model.onnx", Sha256 = Sha256Digest.Of(model).Hex, Bytes = model.Length },
        Data = new EvaluatedData { Path = "data/test.csv", Sha256 = Sha256Digest.Of(Encoding.UTF8.GetBytes(data)).Hex, Rows = 300 },
        Task = Tasks.Regression, Target = "load", Unit = "MW",
        Metrics = [new MetricValue { Name = "rmse", Value = errors / Math.Sqrt(12), Unit = "MW", Direction = "lower" }],
        Predictions = new PredictionsFile("predictions.csv.gz", Sha256Digest.Of(predictions).Hex),
        Resampling = new ResamplingFacts(1, 2000, 1, 0.95),
    };

    /// <summary>Says the time that a test set; what waits, waits in real time.</summary>
    internal sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => this.Now;
    }
}
