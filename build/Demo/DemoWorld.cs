using System.Security.Cryptography;
using System.Text;
using Ci.Build.Tools;
using Ci.Testing.Forge;

namespace Ci.Build.Demo;

/// <summary>What the demo plays on: a forge, a blob store in a folder, keys, and the binaries on the path. Nothing of the user's own set-up reaches it.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    public const string ModelRepository = "acme/energy-load";
    public const string DeployRepository = "acme/deploy";
    public const string Model = "energy-load";

    private DemoWorld(BuildContext context, string folder, GitHubSimulator forge, string maintainer)
    {
        (this.Context, this.Folder, this.Forge, this.MaintainerToken) = (context, folder, forge, maintainer);
        this.Api = new ForgeUser(forge, maintainer);
        this.ReaderToken = forge.AddReader("evaluator");
    }

    public BuildContext Context { get; }

    public string Folder { get; }

    public GitHubSimulator Forge { get; }

    /// <summary>The person who opens and merges pull requests.</summary>
    public ForgeUser Api { get; }

    public string MaintainerToken { get; }

    // What a job has that runs what a proposal wrote.
    private string ReaderToken { get; }

    public string Store => Path.Combine(this.Folder, "store");

    public string TrustedKey => Path.Combine(this.Folder, "keys", "release.pub.pem");

    public string DeployUrl => this.Forge.GitUrl(DeployRepository);

    private string SigningKey => Path.Combine(this.Folder, "keys", "release.pem");

    public static async Task<DemoWorld> CreateAsync(BuildContext context, string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach (var name in new[] { "forge", "store", "keys", "home", "jobs" })
            Directory.CreateDirectory(Path.Combine(folder, name));
        var forge = await GitHubSimulator.StartAsync(Path.Combine(folder, "forge"));
        var world = new DemoWorld(context, folder, forge, forge.AddToken("ada"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(world.SigningKey, key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(world.TrustedKey, key.ExportSubjectPublicKeyInfoPem());
        return world;
    }

    /// <summary>What every child process sees: a person at a laptop.</summary>
    public Dictionary<string, string?> PersonEnvironment() => new(StringComparer.Ordinal)
    {
        ["PATH"] = $"{this.Context.Binaries}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
        ["HOME"] = Path.Combine(this.Folder, "home"),
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_AUTHOR_NAME"] = "Ada",
        ["GIT_AUTHOR_EMAIL"] = "ada@acme.example",
        ["GIT_COMMITTER_NAME"] = "Ada",
        ["GIT_COMMITTER_EMAIL"] = "ada@acme.example",
        ["GIT_CONFIG_COUNT"] = "1",
        ["GIT_CONFIG_KEY_0"] = $"http.{this.Forge.ServerUrl}.extraHeader",
        ["GIT_CONFIG_VALUE_0"] = $"Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"x-access-token:{this.MaintainerToken}"))}",
        ["MLOPS_STORE"] = this.Store,
        ["MLOPS_DEPLOY_REPOSITORY"] = this.DeployUrl,
        ["CI"] = null,
        ["GITHUB_ACTIONS"] = null,
        ["NO_COLOR"] = "1",
    };

    /// <summary>What a step of a job sees, with the variables as GitHub Actions sets them; trusted jobs hold the keys.</summary>
    public Dictionary<string, string?> JobEnvironment(string sha, string refName, string eventName, string eventPath, bool trusted, long run, bool mayWrite = true)
    {
        var environment = this.PersonEnvironment();
        var token = mayWrite ? this.Forge.JobToken : this.ReaderToken;
        var login = Convert.ToBase64String(Encoding.ASCII.GetBytes($"x-access-token:{token}"));
        environment["GIT_CONFIG_VALUE_0"] = $"Authorization: Basic {login}";
        environment["GITHUB_ACTIONS"] = "true";
        environment["CI"] = "true";
        environment["GITHUB_API_URL"] = this.Forge.ApiUrl.AbsoluteUri;
        environment["GITHUB_SERVER_URL"] = this.Forge.ServerUrl.AbsoluteUri.TrimEnd('/');
        environment["GITHUB_REPOSITORY"] = ModelRepository;
        environment["GITHUB_TOKEN"] = token;
        environment["GITHUB_SHA"] = sha;
        environment["GITHUB_REF"] = refName;
        environment["GITHUB_REF_NAME"] = refName.StartsWith("refs/heads/", StringComparison.Ordinal) ? refName["refs/heads/".Length..] : refName;
        environment["GITHUB_EVENT_NAME"] = eventName;
        environment["GITHUB_EVENT_PATH"] = eventPath;
        environment["GITHUB_RUN_ID"] = run.ToString(System.Globalization.CultureInfo.InvariantCulture);
        environment["GITHUB_RUN_ATTEMPT"] = "1";
        environment["GITHUB_WORKFLOW"] = "mlops";
        environment["GITHUB_JOB"] = eventName;
        environment["GITHUB_OUTPUT"] = Path.Combine(this.Folder, "jobs", $"output-{run}.txt");
        environment["GITHUB_STEP_SUMMARY"] = Path.Combine(this.Folder, "jobs", $"summary-{run}.md");
        environment["MLOPS_TRUSTED_KEYS"] = this.TrustedKey;
        environment["MLOPS_SIGNING_KEY"] = trusted ? this.SigningKey : null;
        return environment;
    }

    public Task<ProcessResult> GitAsync(string folder, params string[] arguments) =>
        Shell.RunAsync("git", arguments, folder, this.PersonEnvironment());

    public async ValueTask DisposeAsync()
    {
        this.Api.Dispose();
        await this.Forge.DisposeAsync();
    }
}
