using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class OptionsOfEveryVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public OptionsOfEveryVerbTests() => Directory.CreateDirectory(this.folder.Of("inner"));

    [Fact]
    public async Task A_verb_behind_cd_runs_as_if_called_from_that_folder()
    {
        Assert.Equal(0, await this.Run("--cd", "inner", "init", "--no-scm", "--json"));
        Assert.True(Directory.Exists(this.folder.Of("inner", ".dvc")));
        Assert.False(Directory.Exists(this.folder.Of(".dvc")));
    }

    [Fact]
    public async Task A_folder_behind_cd_that_does_not_exist_is_named()
    {
        Assert.Equal(2, await this.Run("--cd", "nowhere", "init"));
        Assert.Equal("mlops: --cd nowhere: there is no such folder\n", this.error.ToString());
    }

    [Fact]
    public async Task A_quiet_verb_writes_its_errors_alone()
    {
        Assert.Equal(0, await this.Run("--cd", "inner", "init", "--no-scm", "--quiet"));
        Assert.Equal("", this.output.ToString() + this.error);
        Assert.Equal(1, await this.Run("--cd", "inner", "add", "-q", "absent"));
        Assert.Contains("`absent` does not exist", this.error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", this.output.ToString());
    }

    public void Dispose()
    {
        this.folder.Dispose();
        this.output.Dispose();
        this.error.Dispose();
    }

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(arguments, new CliContext
    {
        Out = this.output,
        Error = this.error,
        Environment = new Dictionary<string, string>(),
        WorkingDirectory = this.folder.Path,
        Time = TimeProvider.System,
    });
}
