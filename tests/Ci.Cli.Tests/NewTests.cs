using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class NewTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    [Fact]
    public async Task A_template_is_copied_whole_with_its_dot_files()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("new", "energy-load", "model"));

        foreach (var file in (string[])["README.md", "params.yaml", "dvc.yaml", "data-schema.yaml", "gates.yaml", "mlops.yaml", "prepare.mjs", ".gitignore", ".dvc/config", ".github/workflows/evaluate.yml", "data/it-load-hourly.csv.gz"])
            Assert.True(File.Exists(Path.Combine(this.folder.Path, "model", file)), file);
        Assert.False(File.Exists(Path.Combine(this.folder.Path, "model", Templates.ManifestName)));
    }

    [Fact]
    public async Task Settings_are_filled_in()
    {
        await this.Run("new", "energy-load", "model", "--set", "owner=acme/mlops-action");

        var workflow = File.ReadAllText(Path.Combine(this.folder.Path, "model/.github/workflows/evaluate.yml"));
        Assert.Contains("uses: acme/mlops-action@v1", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("OWNER/mlops-action", workflow, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_the_templates_are_listed()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("new"));

        Assert.Contains("energy-load", this.output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        File.WriteAllText(Path.Combine(this.folder.Path, "mine.txt"), "mine");

        Assert.Equal(ExitCode.Error, await this.Run("new", "energy-load", "."));

        Assert.Contains("not empty", this.errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(this.folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("there is no template `energy`", "new", "energy", "x")]
    [InlineData("say where", "new", "energy-load")]
    [InlineData("it has owner", "new", "energy-load", "x", "--set", "colour=red")]
    public async Task A_wrong_command_line_says_what_would_be_right(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await this.Run(arguments));

        Assert.Contains(expected, this.errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(this.folder.Path));
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
