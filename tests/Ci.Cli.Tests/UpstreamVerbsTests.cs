namespace Ci.Cli.Tests;

public sealed class UpstreamVerbsTests : IDisposable
{
    private VerbWorld world = null!;

    public void Dispose() => this.world.Dispose();

    [Fact]
    public async Task What_another_repository_holds_is_listed_as_DVC_lists_it()
    {
        await this.StartAsync();
        Assert.Equal(".dvcignore\n.gitignore\nd.txt\nd.txt.dvc\ndd\ndd.dvc\ngg\ngit.txt\n", await this.world.OkAsync("ls", "../up"));
        var revision = await this.world.OkAsync("ls", "../up", "--rev", "v1");
        Assert.Equal(".dvcignore\n.gitignore\nd.txt\nd.txt.dvc\ndd\ndd.dvc\ngg\ngit.txt\n", revision);
        Assert.Equal("d.txt\ndd/s/y\ndd/x\ngg/t\n", await this.world.OkAsync("ls", "../up", "-R", "--dvc-only", "--rev", "v1"));
        Assert.Equal("s\nx\n", await this.world.OkAsync("list", "../up", "dd"));
        Assert.Equal("y\n", await this.world.OkAsync("ls", "../up", "dd/s/y"));
        Assert.Equal(".\n├── s\n│   └── y\n└── x\n".Replace(".\n", "dd\n", StringComparison.Ordinal), await this.world.OkAsync("ls", "../up", "dd", "--tree", "--rev", "HEAD"));
        Assert.Equal("fcd78e20c91832f790bb13702ebaf1a8      d.txt\nf4d8e86801e869b6d9806731bd8d778b.dir  dd\n-                                     gg\n", await this.world.OkAsync("ls", "../up", "--dvc-only", "--show-hash", "--rev", "v1"));
        var json = await this.world.JsonAsync("ls", "../up", "--rev", "v1");
        Assert.Equal("""{"isout":true,"isdir":true,"isexec":false,"size":4,"md5":"f4d8e86801e869b6d9806731bd8d778b.dir","path":"dd"}""", json[4]!.ToJsonString());
        Assert.Equal("""{"isout":false,"isdir":false,"isexec":false,"size":2,"md5":null,"path":"git.txt"}""", json[7]!.ToJsonString());
        Assert.Contains("nothing that ../up holds", await this.world.FailsAsync(1, "ls", "../up", "nosuch", "--rev", "v1"), StringComparison.Ordinal);
        Assert.Contains("has no revision `nosuch`", await this.world.FailsAsync(1, "ls", "../up", "--rev", "nosuch"), StringComparison.Ordinal);
        Assert.Contains("--remote-config is not known here", await this.world.FailsAsync(254, "ls", "../up", "--remote-config", "a=b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_and_folders_are_got_from_Git_from_the_remote_and_over_an_address()
    {
        await this.StartAsync();
        Directory.Delete(this.world.Of("up/.dvc/cache"), recursive: true);
        Assert.Equal("", await this.world.OkAsync("get", "../up", "dd", "-o", "got"));
        Assert.Equal(("x\n", "y\n"), (this.world.Read("r/got/x"), this.world.Read("r/got/s/y")));
        await this.world.OkAsync("get", "../up", "dd/s/y");
        await this.world.OkAsync("get", $"file://{this.world.Of("up")}", "gg", "--rev", "v1");
        Assert.Equal(["gg/.gitignore", "gg/a", "gg/t"], Directory.EnumerateFiles(this.world.Of("r/gg")).Select(f => Path.GetRelativePath(this.world.Of("r"), f)).Order(StringComparer.Ordinal));
        Assert.Equal(("y\n", "d1\n"), (this.world.Read("r/y"), this.world.Read("r/gg/t")));
        Assert.Contains("`y` exists already; --force", await this.world.FailsAsync(1, "get", "../up", "dd/s/y"), StringComparison.Ordinal);
        await this.world.OkAsync("get", "../up", "dd", "-o", "y", "-f");
        Assert.Equal("x\n", this.world.Read("r/y/x"));
        Assert.Equal($"{this.world.Of("store")}/files/md5/f4/d8e86801e869b6d9806731bd8d778b.dir\n", await this.world.OkAsync("get", "--show-url", "../up", "dd"));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(this.world.Of("r")), e => Path.GetFileName(e).StartsWith(".~mlops", StringComparison.Ordinal));

        Directory.Delete(this.world.Of("store"), recursive: true);
        Assert.Contains($"{this.world.Of("store")} does not exist", await this.world.FailsAsync(6, "get", "../up", "d.txt"), StringComparison.Ordinal);
        Assert.False(File.Exists(this.world.Of("r/d.txt")));
    }

    [Fact]
    public async Task An_import_is_written_as_DVC_writes_it_and_its_data_comes_back_from_where_it_came()
    {
        var commit = await this.StartAsync();
        Assert.Equal($"Importing 'dd ({this.world.Of("up")})' -> 'b'\n\nTo track the changes with git, run:\n\n\tgit add b.dvc .gitignore\n", await this.world.OkAsync("import", this.world.Of("up"), "dd", "-o", "b"));
        await this.world.OkAsync("import", "../up", "gg", "--rev", "v1");
        await this.world.OkAsync("import", "../up", "d.txt", "--no-exec", "-o", "a.txt");
        await this.world.OkAsync("import", "../up", "git.txt", "--no-download");
        Assert.Equal($"frozen: true\ndeps:\n- path: d.txt\n  repo:\n    url: ../up\nouts:\n- hash: md5\n  path: a.txt\n", this.world.Read("r/a.txt.dvc"));
        Assert.EndsWith($"deps:\n- path: gg\n  repo:\n    url: ../up\n    rev: v1\n    rev_lock: {commit}\nouts:\n- md5: {Folder("r/gg.dvc")}\n  size: 8\n  nfiles: 3\n  hash: md5\n  path: gg\n", this.world.Read("r/gg.dvc"), StringComparison.Ordinal);
        Assert.EndsWith($"frozen: true\ndeps:\n- path: git.txt\n  repo:\n    url: ../up\n    rev_lock: {commit}\nouts:\n- hash: md5\n  path: git.txt\n", this.world.Read("r/git.txt.dvc"), StringComparison.Ordinal);
        Assert.Equal("/b\n/gg\n/a.txt\n/git.txt\n", this.world.Read("r/.gitignore"));
        Assert.Contains("exists already; --force", await this.world.FailsAsync(1, "import", "../up", "gg"), StringComparison.Ordinal);
        Assert.Contains("is an output of b.dvc already, or lies in one", await this.world.FailsAsync(1, "import", "../up", "git.txt", "-o", "b/inner"), StringComparison.Ordinal);

        Directory.Delete(this.world.Of("r/.dvc/cache"), recursive: true);
        Directory.Delete(this.world.Of("r/b"), recursive: true);
        Directory.Delete(this.world.Of("r/gg"), recursive: true);
        await this.world.OkAsync("pull");
        Assert.Equal(("y\n", "a\n"), (this.world.Read("r/b/s/y"), this.world.Read("r/gg/a")));

        string Folder(string file) => this.world.Read(file).Split('\n').First(l => l.StartsWith("- md5: ", StringComparison.Ordinal))["- md5: ".Length..];
    }

    [Fact]
    public async Task An_update_takes_what_is_new_and_leaves_data_alone_that_is_not()
    {
        var first = await this.StartAsync();
        await this.world.OkAsync("import", "../up", "d.txt");
        await this.world.OkAsync("import", "../up", "dd", "--rev", "v1");
        var stamp = File.GetLastWriteTimeUtc(this.world.Of("r/dd/x"));
        this.world.Here = "up";
        this.world.Write("up/d.txt", "new\n");
        await this.world.OkAsync("add", "d.txt");
        var second = await this.world.CommitAsync("two");
        this.world.Here = "r";
        var answer = await this.world.JsonAsync("update", "d.txt.dvc", "dd");
        Assert.Equal($"{second} True {first} False", string.Join(' ', answer["imports"]!.AsArray().Select(i => $"{i!["rev_lock"]} {(bool)i["changed"]!}")));
        Assert.Equal("new\n", this.world.Read("r/d.txt"));
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(this.world.Of("r/dd/x")));
        await this.world.OkAsync("update", "dd.dvc", "--rev", "main");
        Assert.Contains($"    rev: main\n    rev_lock: {second}\n", this.world.Read("r/dd.dvc"), StringComparison.Ordinal);

        this.world.Write("r/d.txt", "mine\n");
        Assert.Contains("was changed here and that content is nowhere else", await this.world.FailsAsync(1, "update", "d.txt"), StringComparison.Ordinal);
        Assert.Equal("mine\n", this.world.Read("r/d.txt"));
        this.world.Write("r/own.txt", "own");
        await this.world.OkAsync("add", "own.txt");
        Assert.Contains("`own.txt.dvc` is no import", await this.world.FailsAsync(1, "update", "own.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_an_address_is_imported_and_updated()
    {
        await this.StartAsync();
        var ext = this.world.Write("ext.txt", "ext1\n");
        Assert.StartsWith($"Importing '{ext}' -> 'ext.txt'\n", await this.world.OkAsync("import-url", ext), StringComparison.Ordinal);
        Assert.EndsWith($"frozen: true\ndeps:\n- md5: {Md5("ext1\n")}\n  size: 5\n  hash: md5\n  path: {ext}\nouts:\n- md5: {Md5("ext1\n")}\n  size: 5\n  hash: md5\n  path: ext.txt\n", this.world.Read("r/ext.txt.dvc"), StringComparison.Ordinal);
        var before = this.world.Read("r/ext.txt.dvc");
        await this.world.OkAsync("update", "ext.txt.dvc");
        Assert.Equal(before, this.world.Read("r/ext.txt.dvc"));
        this.world.Write("ext.txt", "ext two\n");
        await this.world.OkAsync("update", "ext.txt.dvc");
        Assert.Equal("ext two\n", this.world.Read("r/ext.txt"));
        Assert.Contains("nothing lies at", await this.world.FailsAsync(1, "import-url", "../nosuch"), StringComparison.Ordinal);
        Assert.False(File.Exists(this.world.Of("r/nosuch.dvc")));
        Assert.Contains("has no revisions", await this.world.FailsAsync(1, "update", "ext.txt", "--rev", "v1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../up", "../r/secret")]
    [InlineData("../up", "/etc/passwd")]
    [InlineData("../up", ".git/config")]
    [InlineData("ext::sh -c touch% x", "a")]
    [InlineData("--upload-pack=touch x", "a")]
    [InlineData("../up", "link")]
    [InlineData("../up", "linked")]
    public async Task Addresses_and_paths_that_would_lead_elsewhere_are_refused(string url, string path)
    {
        await this.StartAsync();
        File.CreateSymbolicLink(this.world.Of("up/link"), "/etc/passwd");
        Directory.CreateDirectory(this.world.Of("up/linked"));
        File.CreateSymbolicLink(this.world.Of("up/linked/l"), "/etc/passwd");
        this.world.Here = "up";
        await this.world.CommitAsync("links");
        this.world.Here = "r";
        var (code, _, error) = await this.world.RunAsync("get", "-o", "taken", "--", url, path);
        Assert.Equal(1, code);
        Assert.True(error.Contains("is no path in a repository", StringComparison.Ordinal) || error.Contains("is no address of a repository", StringComparison.Ordinal) || error.Contains("symbolic link, which is not followed", StringComparison.Ordinal), error);
        Assert.False(Path.Exists(this.world.Of("r/taken")));
    }

    [Fact]
    public async Task A_project_in_a_folder_of_another_repository_has_its_own_data()
    {
        await this.StartAsync();
        var git = await this.world.RepositoryAsync("mono");
        Directory.CreateDirectory(this.world.Of("mono/team/a"));
        this.world.Here = "mono/team/a";
        await this.world.OkAsync("init", "--subdir");
        this.world.Write("mono/team/a/data/t.txt", "team\n");
        await this.world.OkAsync("add", "data/t.txt");
        await git.AddAndCommitAsync(["."], "mono");
        this.world.Here = "r";
        await this.world.OkAsync("get", "../mono", "team/a/data/t.txt");
        Assert.Equal("team\n", this.world.Read("r/t.txt"));
        Assert.Equal("t.txt\n", await this.world.OkAsync("ls", "../mono", "team/a/data", "--dvc-only", "--rev", "HEAD"));
    }

    private async Task<string> StartAsync()
    {
        this.world = await VerbWorld.StartAsync();
        var git = await this.world.RepositoryAsync("up");
        this.world.Here = "up";
        await this.world.OkAsync("init");
        await this.world.OkAsync("remote", "add", "-d", "store", this.world.Of("store"));
        this.world.Write("up/d.txt", "d1\n");
        this.world.Write("up/dd/x", "x\n");
        this.world.Write("up/dd/s/y", "y\n");
        this.world.Write("up/git.txt", "g\n");
        this.world.Write("up/gg/a", "a\n");
        this.world.Write("up/gg/t", "d1\n");
        await this.world.OkAsync("add", "d.txt", "dd", "gg/t");
        await this.world.OkAsync("push");
        var commit = await this.world.CommitAsync("one");
        await git.CreateTagAsync("v1", "HEAD", "v1");
        this.world.Here = "r";
        return commit;
    }

#pragma warning disable CA5351 // DVC's formats name content by MD5
    private static string Md5(string text) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
