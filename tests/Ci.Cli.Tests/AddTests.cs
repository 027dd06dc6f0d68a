using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class AddTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public AddTests()
    {
        Directory.CreateDirectory(this.folder.Of("r"));
        Ci.Data.Project.Initialize(this.folder.Of("r"));
        this.folder.Write("r/d/a", "1");
        this.folder.Write("r/d/in/b", "2");
        this.folder.Write("r/x1.csv", "x");
        this.folder.Write("r/x2.csv", "y");
    }

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task Several_targets_and_patterns_are_taken_in_one_call()
    {
        await this.OkAsync("add", "d", "x1.csv");
        await this.OkAsync("add", "--glob", "x*.csv", "-q");
        Assert.True(File.Exists(this.folder.Of("r/x2.csv.dvc")) && File.Exists(this.folder.Of("r/d.dvc")));
        Assert.Contains("nothing matches `z*`", await this.FailsAsync("add", "--glob", "z*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_target_that_cannot_be_tracked_leaves_the_others_alone()
    {
        Assert.Contains("`gone` does not exist", await this.FailsAsync("add", "d", "gone"), StringComparison.Ordinal);
        Assert.False(File.Exists(this.folder.Of("r/d.dvc")));
    }

    [Fact]
    public async Task Adding_inside_of_a_tracked_folder_updates_that_folder_and_nothing_else_of_it()
    {
        await this.OkAsync("add", "d");
        this.folder.Write("r/d/in/b", "changed");
        this.folder.Write("r/d/in/c", "new");
        this.folder.Write("r/d/a", "changed, but not added");
        await this.OkAsync("add", "d/in");
        var pointer = await File.ReadAllTextAsync(this.folder.Of("r/d.dvc"));
        Assert.Contains("nfiles: 3", pointer, StringComparison.Ordinal);
        Assert.Contains($"size: {1 + 7 + 3}", pointer, StringComparison.Ordinal);
        Assert.False(File.Exists(this.folder.Of("r/d/in.dvc")));
        await this.OkAsync("add", "d");
        Directory.Delete(this.folder.Of("r/d"), recursive: true);
        await this.OkAsync("checkout");
        Assert.Equal("changed", await File.ReadAllTextAsync(this.folder.Of("r/d/in/b")));
    }

    [Fact]
    public async Task Without_commit_only_the_pointer_is_written()
    {
        await this.OkAsync("add", "--no-commit", "d");
        Assert.True(File.Exists(this.folder.Of("r/d.dvc")));
        Assert.False(Directory.Exists(this.folder.Of("r/.dvc/cache/files")));
    }

    [Fact]
    public async Task A_file_from_elsewhere_is_copied_in_and_tracked()
    {
        var source = this.folder.Write("elsewhere/data.bin", "far");
        await this.OkAsync("add", source, "--out", "near.bin");
        Assert.Equal("far", await File.ReadAllTextAsync(this.folder.Of("r/near.bin")));
        Assert.Contains("path: near.bin", await File.ReadAllTextAsync(this.folder.Of("r/near.bin.dvc")), StringComparison.Ordinal);
        Assert.Contains("--force overwrites", await this.FailsAsync("add", source, "-o", "near.bin"), StringComparison.Ordinal);
        this.folder.Write("elsewhere/data.bin", "farther");
        await this.OkAsync("add", source, "-o", "near.bin", "-f");
        Assert.Equal("farther", await File.ReadAllTextAsync(this.folder.Of("r/near.bin")));
    }

    [Theory]
    [InlineData("must lie inside the project", "../out")]
    [InlineData("must lie inside the project", ".")]
    [InlineData("must lie inside the project", ".dvc/config")]
    [InlineData("belongs into Git", "d.dvc")]
    [InlineData("belongs into Git", "dvc.yaml")]
    [InlineData("line break", "a\nb")]
    [InlineData("behind the symbolic link `link`", "link/a")]
    [InlineData("does not exist", "nothing")]
    [InlineData("a named pipe", "pipe")]
    [InlineData("--to-remote is not done here", "d", "--to-remote")]
    public async Task What_cannot_be_tracked_is_refused_with_the_reason(string expected, params string[] arguments)
    {
        this.folder.Write("out", "o");
        this.folder.Write("r/a\nb", "o");
        this.folder.Write("r/d.dvc", "outs:\n- path: d\n");
        Directory.CreateSymbolicLink(this.folder.Of("r/link"), this.folder.Of("r/d"));
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", this.folder.Of("r/pipe")))
            await pipe.WaitForExitAsync();
        Assert.Contains(expected, await this.FailsAsync(["add", .. arguments]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_holds_tracked_data_is_refused_and_so_is_what_a_stage_makes()
    {
        await this.OkAsync("add", "d/in/b");
        Assert.Contains("mlops remove d/in/b.dvc", await this.FailsAsync("add", "d"), StringComparison.Ordinal);
        this.folder.Write("r/dvc.yaml", "stages:\n  s:\n    cmd: echo\n    outs: [made/here]\n");
        this.folder.Write("r/made/here", "m");
        Assert.Contains("output of stage `s`", await this.FailsAsync("add", "made/here"), StringComparison.Ordinal);
        Assert.Contains("overlaps with `made/here`", await this.FailsAsync("add", "made"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_differ_in_case_only_are_told()
    {
        await this.OkAsync("add", "x1.csv");
        this.folder.Write("r/X1.csv", "z");
        var (code, _, error) = await this.RunAsync("add", "X1.csv");
        Assert.Equal(0, code);
        Assert.Contains("differ in case only", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linked_files_are_unprotected_by_name()
    {
        this.folder.Write("r/.dvc/config", "[cache]\n    type = symlink\n");
        await this.OkAsync("add", "d");
        Assert.NotNull(new FileInfo(this.folder.Of("r/d/a")).LinkTarget);
        Assert.Contains("\"unprotected\": 1", await this.OkAsync("unprotect", "d/a", "--json"), StringComparison.Ordinal);
        Assert.Null(new FileInfo(this.folder.Of("r/d/a")).LinkTarget);
        Assert.Equal("{}", (await this.OkAsync("status", "--json")).Trim());
    }

    private async Task<string> OkAsync(params string[] arguments)
    {
        var (code, output, error) = await this.RunAsync(arguments);
        Assert.True(code == 0, error);
        return output;
    }

    private async Task<string> FailsAsync(params string[] arguments)
    {
        var (code, _, error) = await this.RunAsync(arguments);
        Assert.Equal(1, code);
        return error;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, new CliContext
        {
            Out = output,
            Error = error,
            Environment = new Dictionary<string, string>(GitIsolation.Environment) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" },
            WorkingDirectory = this.folder.Of("r"),
            Time = TimeProvider.System,
        });
        return (code, output.ToString(), error.ToString());
    }

    [Theory]
    [InlineData("d/.dvcignore")]
    [InlineData("d/in/.dvcignore")]
    public async Task A_dvcignore_inside_of_data_is_refused_as_DVC_refuses_it(string file)
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/d/in/a", "1\n");
        world.Write("r/other/b", "2\n");
        world.Write("r/" + file, "a\n");
        var message = await world.FailsAsync(255, "add", "other", "d");
        Assert.Contains($"{file}: a .dvcignore cannot lie inside", message, StringComparison.Ordinal);
        Assert.Contains("move its lines to a .dvcignore above", message, StringComparison.Ordinal);
        Assert.False(File.Exists(world.Of("r/d.dvc")));
        File.Move(world.Of("r/" + file), world.Of("kept"));
        await world.OkAsync("add", "d");
        File.Move(world.Of("kept"), world.Of("r/" + file));
        Assert.Contains("cannot lie inside", await world.FailsAsync(255, "status"), StringComparison.Ordinal);
        Assert.Contains("cannot lie inside", await world.FailsAsync(255, "commit", "-f"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dvcignore_in_a_folder_that_another_one_passes_over_is_nobodys_concern()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/.dvcignore", "in\n");
        world.Write("r/d/in/.dvcignore", "a\n");
        world.Write("r/d/a", "1\n");
        await world.OkAsync("add", "d");
        Assert.Contains("nfiles: 1", world.Read("r/d.dvc"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d/a.txt", "d/A.txt", "`A.txt` and `a.txt` in `d`")]
    [InlineData("d/In/x", "d/in/y", "`In/` and `in/` in `d`")]
    [InlineData("d/in/\u00e9", "d/in/\u00c9", "`in/\u00c9` and `in/\u00e9` in `d`")]
    public async Task Names_in_a_folder_that_differ_in_case_only_are_told(string one, string other, string expected)
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/" + one, "1\n");
        world.Write("r/" + other, "2\n");
        world.Write("r/e/a", "1\n");
        world.Write("r/e/in/A", "1\n");
        var (code, _, error) = await world.RunAsync("add", "d");
        Assert.Equal(0, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("case", (await world.RunAsync("add", "e")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_links_files_to_the_cache_where_the_settings_ask_for_it_unless_told_otherwise()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/a", "1\n");
        await world.OkAsync("add", "a");
        await world.OkAsync("config", "cache.type", "symlink");
        File.WriteAllText(world.Of("r/a"), "2\n");
        await world.OkAsync("commit", "-f", "--no-relink");
        Assert.Null(new FileInfo(world.Of("r/a")).LinkTarget);
        File.WriteAllText(world.Of("r/a"), "3\n");
        await world.OkAsync("commit", "-f");
        Assert.NotNull(new FileInfo(world.Of("r/a")).LinkTarget);
    }
}
