namespace Ci.Cli.Tests;

/// <summary>Imports that were described first and are brought later; files and habits are DVC 3.67.1's.</summary>
public sealed class PartialImportTests : IDisposable
{
    private VerbWorld world = null!;

    public void Dispose() => this.world.Dispose();

    [Fact]
    public async Task A_pull_brings_what_was_only_described_and_leaves_its_files_alone()
    {
        await this.StartAsync();
        string[] names = ["dd", "inside", "git.txt", "ext", "folder"];
        var before = names.ToDictionary(n => n, n => this.world.Read($"r/{n}.dvc"));
        Assert.DoesNotContain(names, n => Path.Exists(this.world.Of("r", n)));

        Assert.Equal("6 files fetched\n", await this.world.OkAsync("fetch"));
        Assert.DoesNotContain(names, n => Path.Exists(this.world.Of("r", n)));
        var pulled = await this.world.OkAsync("pull");
        Assert.Contains("A       dd/\n", pulled, StringComparison.Ordinal);
        Assert.Equal(("x\n", "y\n", "g\n", "ext\n", "k\n"), (this.world.Read("r/dd/x"), this.world.Read("r/inside"), this.world.Read("r/git.txt"), this.world.Read("r/ext"), this.world.Read("r/folder/k")));
        Assert.All(names, n => Assert.Equal(before[n], this.world.Read($"r/{n}.dvc")));
    }

    [Fact]
    public async Task Only_what_is_named_is_brought()
    {
        await this.StartAsync();
        await this.world.OkAsync("pull", "ext");
        await this.world.OkAsync("pull", "--glob", "d*");
        Assert.Equal("ext\n", this.world.Read("r/ext"));
        Assert.True(File.Exists(this.world.Of("r/dd/x")));
        Assert.False(File.Exists(this.world.Of("r/git.txt")));
        await this.world.OkAsync("pull", "git.txt.dvc");
        Assert.Equal("g\n", this.world.Read("r/git.txt"));
    }

    [Fact]
    public async Task What_changed_at_its_address_since_is_not_taken_for_what_was_described()
    {
        await this.StartAsync();
        this.world.Write("ext", "other\n");
        Assert.Contains("is not what the import described any more; `mlops update ext.dvc`", await this.world.FailsAsync(1, "pull", "ext"), StringComparison.Ordinal);
        Assert.False(File.Exists(this.world.Of("r/ext")));
        await this.world.OkAsync("update", "ext.dvc");
        Assert.Equal("other\n", this.world.Read("r/ext"));
    }

    [Fact]
    public async Task An_address_that_is_only_described_is_written_as_DVC_writes_it()
    {
        await this.StartAsync();
        var ext = this.world.Of("ext");
        Assert.EndsWith($"frozen: true\ndeps:\n- md5: {Md5("ext\n")}\n  size: 4\n  hash: md5\n  path: {ext}\nouts:\n- hash: md5\n  path: ext\n", this.world.Read("r/ext.dvc"), StringComparison.Ordinal);
        Assert.StartsWith("md5: ", this.world.Read("r/ext.dvc"), StringComparison.Ordinal);
        Assert.Contains("nothing lies at", await this.world.FailsAsync(1, "import-url", "--no-download", "../nosuch"), StringComparison.Ordinal);
        Assert.Contains("do not go together", await this.world.FailsAsync(254, "import-url", "--no-download", "--no-exec", ext, "z"), StringComparison.Ordinal);
    }

    private async Task StartAsync()
    {
        this.world = await VerbWorld.StartAsync();
        await this.world.RepositoryAsync("up");
        this.world.Here = "up";
        await this.world.OkAsync("init");
        this.world.Write("up/dd/x", "x\n");
        this.world.Write("up/dd/s/y", "y\n");
        this.world.Write("up/git.txt", "g\n");
        await this.world.OkAsync("add", "dd");
        await this.world.CommitAsync("one");
        this.world.Write("ext", "ext\n");
        this.world.Write("folder/k", "k\n");
        this.world.Here = "r";
        await this.world.OkAsync("import", "--no-download", "../up", "dd");
        await this.world.OkAsync("import", "--no-download", "../up", "dd/s/y", "-o", "inside");
        await this.world.OkAsync("import", "--no-download", "../up", "git.txt");
        await this.world.OkAsync("import-url", "--no-download", this.world.Of("ext"));
        await this.world.OkAsync("import-url", "--no-download", this.world.Of("folder"));
    }

#pragma warning disable CA5351 // DVC's formats name content by MD5
    private static string Md5(string text) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
