using Ci.Data.Yaml;
using Ci.Storage.FileSystem;
using Ci.Testing;

namespace Ci.Data.Tests;

public sealed class DataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Project project;

    public DataTests()
    {
        Project.Initialize(this.folder.Path);
        this.project = this.Open();
    }

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(100000.0, "100000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1234567890123456.0, "1234567890123456.0")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(-1.5e-7, "-1.5e-07")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(-0.0, "-0.0")]
    public void Fractions_are_written_as_Python_writes_them(double value, string expected) => Assert.Equal(expected, PythonText.OfDouble(value));

    [Fact]
    public void Json_is_escaped_and_spaced_as_Python_does_it() =>
        Assert.Equal("[{\"a\": \"\\u00e9\\ud83d\\ude00\\n\", \"b\": [1, true, null, 0.5]}]", PythonText.Json(YamlReader.ReadValue("- {b: [1, true, null, 0.5], a: \"é😀\\n\"}", "x"), sortKeys: true));

    [Fact]
    public void Order_is_by_code_point_and_not_by_UTF16_unit() => Assert.True(PythonText.Compare("ﬀ", "😀") < 0 && string.CompareOrdinal("ﬀ", "😀") > 0);

    [Fact]
    public void Yaml_comes_back_as_it_was_written()
    {
        const string text = "schema: '2.0'\na:\n- 1\n- yes\n- 0.5\n- 'true'\n- ''\n- 'a: b'\n- \"it's: x\"\n- \"l\\n\"\n- \"tab\\t\"\n- 1:30\n- \nb:\n  c:\n  d: é ü\n- x: y\n";
        var good = text[..text.LastIndexOf("- x", StringComparison.Ordinal)];
        Assert.Equal(good, YamlWriter.Write((OrderedDictionary<string, object?>)YamlReader.ReadValue(good, "x")!));
        Assert.Contains("x:", Assert.Throws<DataException>(() => YamlReader.ReadValue(text, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_hashed_stored_and_put_back()
    {
        this.folder.Write("d/a", "1");
        this.folder.Write("d/sub/é😀", "2");
        var digest = this.project.Workspace.Save(this.folder.Of("d"));
        Assert.Equal((2L, 2), (digest.Size, digest.FileCount));
        this.folder.Write("d/extra", "3");
        this.project.Workspace.Save(this.folder.Of("d"));
        Assert.Equal(Change.Modified, this.project.Workspace.Restore(this.folder.Of("d"), digest));
        Assert.False(File.Exists(this.folder.Of("d/extra")));
        Directory.Delete(this.folder.Of("d"), recursive: true);
        Assert.Equal(Change.Added, this.project.Workspace.Restore(this.folder.Of("d"), digest));
        Assert.Equal("2", File.ReadAllText(this.folder.Of("d/sub/é😀")));
    }

    [Fact]
    public void Content_that_is_nowhere_else_is_not_overwritten_unless_forced()
    {
        var file = this.folder.Write("f", "1");
        var digest = this.project.Workspace.Save(file);
        this.folder.Write("f", "precious");
        Assert.Contains("nowhere else", Assert.Throws<DataException>(() => this.project.Workspace.Restore(file, digest)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(file));
        this.project.Workspace.Restore(file, digest, force: true);
        Assert.Equal("1", File.ReadAllText(file));
    }

    [Fact]
    public async Task What_was_pushed_is_pulled_elsewhere_and_a_second_push_sends_nothing()
    {
        this.folder.Write("d/a", "1");
        var output = new TrackedOutput(this.folder.Of("d"), this.project.Workspace.Save(this.folder.Of("d")));
        var store = new FolderBlobStore(this.folder.Of("remote"));
        Assert.Equal(2, await new DataTransfer(this.project.Cache, store).PushAsync([output]));
        Assert.Equal(0, await new DataTransfer(this.project.Cache, store).PushAsync([output]));
        Directory.Delete(this.folder.Of(".dvc/cache"), recursive: true);
        Assert.Equal(2, await new DataTransfer(this.Open().Cache, store).FetchAsync([output]));
    }

    [Fact]
    public async Task Damaged_bytes_on_the_remote_are_refused_and_not_kept()
    {
        var file = this.folder.Write("f", "right");
        var output = new TrackedOutput(file, this.project.Workspace.Save(file));
        var store = new FolderBlobStore(this.folder.Of("remote"));
        await store.PutAsync(output.Digest.Key, new MemoryStream("wrong"u8.ToArray()));
        Directory.Delete(this.folder.Of(".dvc/cache"), recursive: true);
        var cache = this.Open().Cache;
        await Assert.ThrowsAsync<CorruptDataException>(() => new DataTransfer(cache, store).FetchAsync([output]));
        Assert.False(cache.Has(output.Digest.Md5));
        Assert.Empty(Directory.EnumerateFiles(this.folder.Of(".dvc/cache"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_nowhere_is_named_and_nothing_in_the_workspace_is_lost()
    {
        var store = new FolderBlobStore(this.folder.Of("remote"));
        await store.PutAsync("files/md5/00/x", Stream.Null);
        var output = new TrackedOutput(this.folder.Of("gone"), new Digest(new string('a', 32), 1));
        var transfer = new DataTransfer(this.project.Cache, store);
        Assert.Equal([output.Path], (await Assert.ThrowsAsync<MissingDataException>(() => transfer.FetchAsync([output]))).Paths);
        await Assert.ThrowsAsync<MissingDataException>(() => transfer.PushAsync([output]));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    public void A_listing_that_leaves_its_folder_is_refused(string path)
    {
        var text = $"[{{\"md5\": \"{new string('a', 32)}\", \"relpath\": \"{path}\"}}]";
        Assert.Throws<CorruptDataException>(() => DirectoryListing.Read(System.Text.Encoding.UTF8.GetBytes(text), "x"));
    }

    [Fact]
    public void A_pointer_is_written_as_DVC_writes_it_and_its_unknown_keys_are_errors()
    {
        var tracked = new PointerFile(this.folder.Of("f.dvc"), this.folder.Of("f"), null).Write(new Digest(new string('a', 32), 6, null, IsExecutable: true));
        var text = File.ReadAllText(tracked.File);
        Assert.Equal($"outs:\n- md5: {new string('a', 32)}\n  size: 6\n  isexec: true\n  hash: md5\n  path: f\n", text);
        Assert.Equal(tracked, PointerFile.Read(tracked.File, "f.dvc"));
        File.WriteAllText(tracked.File, text + "bogus: 1\n");
        Assert.Contains("f.dvc:7", Assert.Throws<DataException>(() => PointerFile.Read(tracked.File, "f.dvc")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_names_remotes_and_refuses_what_it_does_not_know()
    {
        Assert.Contains("no remote is configured", Assert.Throws<ProjectConfigException>(() => this.project.Config.RemoteUrl(null)).Message, StringComparison.Ordinal);
        this.folder.Write(".dvc/config", "[core]\n    remote = store\n['remote \"store\"']\n    url = ../blobs\n");
        Assert.Equal(this.folder.Of("blobs"), this.Open().Config.RemoteUrl(null));
        Assert.Contains("did you mean `store`", Assert.Throws<ProjectConfigException>(() => this.Open().Config.RemoteUrl("stroe")).Message, StringComparison.Ordinal);
        this.folder.Write(".dvc/config", "[core]\n    remoet = store\n");
        Assert.Contains(".dvc/config:2: unknown setting `remoet`", Assert.Throws<ProjectConfigException>(this.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rewritten_file_of_the_same_size_is_never_taken_for_the_old_one()
    {
        var file = this.folder.Write("f", "one");
        var first = this.project.Workspace.DigestOf(file);
        for (var i = 0; i < 50; i++)
        {
            File.WriteAllText(file, i % 2 == 0 ? "two" : "one");
            Assert.Equal(i % 2 == 0, this.project.Workspace.DigestOf(file) != first);
        }
    }

    private Project Open() => Project.Open(this.folder.Path, TimeProvider.System);
}
