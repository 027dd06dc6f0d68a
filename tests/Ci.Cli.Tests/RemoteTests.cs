using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class RemoteTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);

    // A project lies at the top of a Git repository.
    public RemoteTests() => Directory.CreateDirectory(this.folder.Of(".git"));

    private string Local => File.ReadAllText(Path.Combine(this.folder.Path, ".dvc", "config.local"));

    private string Config => File.ReadAllText(Path.Combine(this.folder.Path, ".dvc", "config"));

    [Fact]
    public async Task A_default_remote_is_written_as_DVC_writes_it()
    {
        await this.Run("init");
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "add", "-d", "storage", "/srv/data"));

        Assert.Equal("[core]\n    remote = storage\n['remote \"storage\"']\n    url = /srv/data\n", this.Config);
    }

    [Fact]
    public async Task Settings_that_were_there_stay()
    {
        await this.Run("init");
        File.WriteAllText(Path.Combine(this.folder.Path, ".dvc", "config"), "[core]\n    analytics = false\n    remote = old\n['remote \"old\"']\n    url = /old\n");
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "add", "--default", "new", "https://data.example"));

        Assert.Equal("[core]\n    analytics = false\n    remote = new\n['remote \"old\"']\n    url = /old\n['remote \"new\"']\n    url = https://data.example\n", this.Config);
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "list"));
        Assert.EndsWith("old\t/old\nnew\thttps://data.example\t(default)\n", this.output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_the_project_is_written_relative_to_the_file()
    {
        await this.Run("init");
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "add", "here", "store"));

        Assert.Contains("url = ../store\n", this.Config, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_replaced_only_on_demand()
    {
        await this.Run("init");
        await this.Run("remote", "add", "storage", "/one");
        Assert.Equal(251, await this.Run("remote", "add", "storage", "/two"));
        Assert.Contains("--force replaces it", this.errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "add", "--force", "storage", "/two"));

        Assert.Equal("['remote \"storage\"']\n    url = /two\n", this.Config);
    }

    [Fact]
    public async Task A_name_that_would_break_the_file_is_refused()
    {
        await this.Run("init");
        Assert.Equal(251, await this.Run("remote", "add", "a\"]\n[core", "/x"));

        Assert.Equal("", this.Config);
    }

    // What DVC 3.67.1 wrote for the same commands.
    [Fact]
    public async Task A_session_of_commands_leaves_the_bytes_that_DVC_leaves()
    {
        await this.Run("init");
        await this.OkAsync("remote", "add", "s", "../store");
        await this.OkAsync("remote", "add", "-d", "T", "/srv/t");
        await this.OkAsync("remote", "modify", "s", "jobs", "4");
        await this.OkAsync("remote", "modify", "t", "verify", "true");
        await this.OkAsync("remote", "modify", "--local", "t", "url", "../loc");
        Assert.Equal("[core]\n    remote = t\n['remote \"s\"']\n    url = ../../store\n    jobs = 4\n['remote \"t\"']\n    url = /srv/t\n    verify = true\n", this.Config);
        Assert.Equal("['remote \"t\"']\n    url = ../../loc\n", this.Local);
        var parent = Path.GetDirectoryName(this.folder.Path);
        Assert.Equal($"remote.s.url={parent}/store\nremote.s.jobs=4\nremote.t.url=/srv/t\nremote.t.verify=true\ncore.remote=t\nremote.t.url={parent}/loc\n", await this.OkAsync("config", "-l"));
        Assert.StartsWith($".dvc/config\tremote.s.url={parent}/store\n", await this.OkAsync("config", "-l", "--show-origin"), StringComparison.Ordinal);
        Assert.Equal("t\n", await this.OkAsync("config", "core.remote"));
        Assert.Equal(251, await this.Run("config", "--local", "core.remote"));
        Assert.Equal("", await this.OkAsync("config", "core.machine"));
        Assert.Equal("t\n", await this.OkAsync("remote", "default"));
        await this.OkAsync("remote", "modify", "--local", "--unset", "t", "url");
        Assert.Equal("", this.Local);
        await this.OkAsync("remote", "rename", "t", "u");
        Assert.Equal("[core]\n    remote = u\n['remote \"s\"']\n    url = ../../store\n    jobs = 4\n['remote \"u\"']\n    url = /srv/t\n    verify = true\n", this.Config);
        await this.OkAsync("remote", "remove", "u");
        Assert.Equal("['remote \"s\"']\n    url = ../../store\n    jobs = 4\n", this.Config);
        Assert.Equal(ExitCode.Error, await this.Run("remote", "default"));
        await this.OkAsync("config", "cache.type", "reflink,copy");
        await this.OkAsync("config", "remote.s.url", "a#b,c'd");
        Assert.Equal("[cache]\n    type = \"reflink,copy\"\n['remote \"s\"']\n    url = \"../a#b,c'd\"\n    jobs = 4\n", this.Config);
        await this.OkAsync("config", "-u", "cache.type");
        Assert.Equal("['remote \"s\"']\n    url = \"../a#b,c'd\"\n    jobs = 4\n", this.Config);
    }

    [Fact]
    public async Task Comments_and_order_survive_a_change_of_settings()
    {
        await this.Run("init");
        this.folder.Write(".dvc/config", "# ours\n[core]\n    remote = a # the fast one\n\n['remote \"a\"']\n    url = /a\n\n# spare\n['remote \"b\"']\n    url = /b\n");
        await this.OkAsync("remote", "modify", "a", "jobs", "2");
        await this.OkAsync("config", "core.autostage", "true");
        Assert.Equal(
            "# ours\n[core]\n    remote = a # the fast one\n    autostage = true\n\n['remote \"a\"']\n    url = /a\n    jobs = 2\n\n# spare\n['remote \"b\"']\n    url = /b\n", this.Config);
    }

    [Fact]
    public async Task What_would_not_be_understood_is_not_written()
    {
        await this.Run("init");
        await this.OkAsync("remote", "add", "s", "s3://bucket/path");
        var before = this.Config;
        Assert.Equal(251, await this.Run("remote", "modify", "s", "endpoint", "http://x"));
        Assert.Contains("did you mean `endpointurl`", this.errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(251, await this.Run("remote", "modify", "s", "jobs", "many"));
        Assert.Equal(251, await this.Run("remote", "modify", "nope", "jobs", "1"));
        Assert.Equal(251, await this.Run("remote", "add", "f", "ftp://host/x"));
        Assert.Equal(251, await this.Run("config", "a.b", "c"));
        Assert.Equal(254, await this.Run("config", "core", "c"));
        Assert.Equal(before, this.Config);
    }

    [Fact]
    public async Task Secrets_stay_out_of_Git_and_are_never_shown()
    {
        await this.Run("init");
        await this.OkAsync("remote", "add", "-d", "s", "azure://container/path");
        Assert.Equal(251, await this.Run("remote", "modify", "s", "account_key", "c2VjcmV0"));
        Assert.Contains("--local", this.errors.ToString(), StringComparison.Ordinal);
        await this.OkAsync("remote", "modify", "--local", "s", "account_key", "c2VjcmV0");
        Assert.Contains("account_key = c2VjcmV0", this.Local, StringComparison.Ordinal);
        Assert.Contains("remote.s.account_key=(hidden)", await this.OkAsync("config", "--list"), StringComparison.Ordinal);
        Assert.Equal("(hidden)\n", await this.OkAsync("config", "remote.s.account_key"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(this.folder.Of(".dvc/config.local")));
        Assert.DoesNotContain("c2VjcmV0", this.output.ToString() + this.errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_user_are_read_and_written_outside_of_any_project()
    {
        this.environment["XDG_CONFIG_HOME"] = this.folder.Of("home");
        this.environment["XDG_CONFIG_DIRS"] = this.folder.Of("machine");
        await this.OkAsync("config", "--global", "core.remote", "shared");
        await this.OkAsync("config", "--system", "core.analytics", "false");
        Assert.Equal("[core]\n    remote = shared\n", File.ReadAllText(this.folder.Of("home/dvc/config")));
        Assert.Equal("shared\n", await this.OkAsync("config", "core.remote"));
        Assert.Equal(251, await this.Run("config", "core.remote", "x"));
        await this.Run("init");
        await this.OkAsync("remote", "add", "--global", "shared", "/srv/shared");
        Assert.Equal("shared\t/srv/shared\t(default)\n", await this.OkAsync("remote", "list"));
        Assert.Equal("", this.Config);
    }

    [Theory]
    [InlineData("gs://bucket/x", "cannot speak to gs://")]
    [InlineData("ssh://host/x", "cannot speak to ssh://")]
    [InlineData("remote://other/x", "no remote `other`")]
    public async Task A_remote_that_cannot_be_served_is_told_in_one_line(string url, string expected)
    {
        await this.Run("init");
        await this.OkAsync("remote", "add", "-d", "s", url);
        Assert.Equal(ExitCode.Error, await this.Run("push"));
        Assert.Contains(expected, this.errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remote_within_a_remote_has_its_settings_and_its_place()
    {
        await this.Run("init");
        await this.OkAsync("remote", "add", "base", "s3://bucket/top");
        await this.OkAsync("remote", "modify", "base", "region", "eu-west-1");
        await this.OkAsync("remote", "add", "inner", "remote://base/data");
        await this.OkAsync("remote", "modify", "inner", "region", "us-east-2");
        var inner = Ci.Data.ProjectConfig.Read(this.folder.Path).Remote("Inner");
        Assert.Equal(("s3://bucket/top/data", "us-east-2"), (inner.Url, inner.Settings["region"]));
    }

    [Fact]
    public async Task A_key_pair_is_made_with_its_folder_and_never_written_over()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("release", "keygen", "--out", "keys/release.pem"));
        var key = File.ReadAllText(Path.Combine(this.folder.Path, "keys", "release.pem"));
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", File.ReadAllText(Path.Combine(this.folder.Path, "keys", "release.pem.pub")), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Error, await this.Run("release", "keygen", "--out", "keys/release.pem"));
        Assert.Equal(ExitCode.Error, await this.Run("release", "keygen", "--out", "keys/"));
        Assert.Equal(key, File.ReadAllText(Path.Combine(this.folder.Path, "keys", "release.pem")));
    }

    public void Dispose() => this.folder.Dispose();

    private async Task<string> OkAsync(params string[] arguments)
    {
        var before = this.output.ToString().Length;
        var code = await this.Run(arguments);
        Assert.True(code == ExitCode.Ok, $"{string.Join(' ', arguments)}: {code}: {this.errors}");
        return this.output.ToString()[before..];
    }

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(arguments, new CliContext
    {
        Out = this.output,
        Error = this.errors,
        Environment = this.environment,
        WorkingDirectory = this.folder.Path,
        Time = TimeProvider.System,
    });
}
