using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class RemoteTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    // A project lies at the top of a Git repository.
    public RemoteTests() => Directory.CreateDirectory(this.folder.Of(".git"));

    private string Config => File.ReadAllText(Path.Combine(this.folder.Path, ".dvc", "config"));

    [Fact]
    public async Task A_default_remote_is_written_as_DVC_writes_it()
    {
        await this.Run("init");
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "add", "-d", "storage", "/srv/data"));

        Assert.Equal("['remote \"storage\"']\n    url = /srv/data\n[core]\n    remote = storage\n", this.Config);
    }

    [Fact]
    public async Task Settings_that_were_there_stay()
    {
        await this.Run("init");
        File.WriteAllText(Path.Combine(this.folder.Path, ".dvc", "config"), "[core]\n    analytics = false\n    remote = old\n['remote \"old\"']\n    url = /old\n");
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "add", "--default", "new", "https://data.example"));

        Assert.Equal("[core]\n    analytics = false\n    remote = new\n['remote \"old\"']\n    url = /old\n['remote \"new\"']\n    url = https://data.example\n", this.Config);
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "list"));
        Assert.EndsWith("new\thttps://data.example\t(default)\nold\t/old\n", this.output.ToString(), StringComparison.Ordinal);
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
        Assert.Equal(ExitCode.Error, await this.Run("remote", "add", "storage", "/two"));
        Assert.Contains("--force replaces it", this.errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await this.Run("remote", "add", "--force", "storage", "/two"));

        Assert.Equal("['remote \"storage\"']\n    url = /two\n", this.Config);
    }

    [Fact]
    public async Task A_name_that_would_break_the_file_is_refused()
    {
        await this.Run("init");
        Assert.Equal(ExitCode.Error, await this.Run("remote", "add", "a\"]\n[core", "/x"));

        Assert.Equal("", this.Config);
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

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(arguments, new CliContext
    {
        Out = this.output,
        Error = this.errors,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        WorkingDirectory = this.folder.Path,
        Time = TimeProvider.System,
    });
}
