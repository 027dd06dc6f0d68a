using Ci.Testing;

namespace Ci.Data.Tests;

public sealed class PointerTests : IDisposable
{
    private static readonly Digest New = new("0123456789abcdef0123456789abcdef", 7);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [InlineData("outs:\n- md5: 9dd4e461268c8034f5c8564e155c67a6\n  path: a.txt\n", "outs:\n- md5: {0}\n  path: a.txt\n  size: 7\n  hash: md5\n")]
    [InlineData(
        "# head\nouts:\n- md5: 9dd4e461268c8034f5c8564e155c67a6 # eol\n  size: 1\n  nfiles: 3\n  hash: md5\n  path: a.txt # p\n  labels:\n  - one # lab\n  meta: {k: 1}\n# tail\nmeta:\n  who: me\n",
        "# head\nouts:\n- md5: {0} # eol\n  size: 7\n  hash: md5\n  path: a.txt # p\n  labels:\n  - one # lab\n  meta: {k: 1}\n# tail\nmeta:\n  who: me\n")]
    [InlineData("outs:\n  - md5: 9dd4e461268c8034f5c8564e155c67a6\n    path: \"a.txt\"\n    cache: true\nfrozen: false\nwdir: .\n", "outs:\n- md5: {0}\n  path: a.txt\n  size: 7\n  hash: md5\n")]
    [InlineData("desc: d\nouts:\n- path: a.txt\n", "desc: d\nouts:\n- path: a.txt\n  md5: {0}\n  size: 7\n  hash: md5\n")]
    [InlineData("md5: 0123\nouts:\n- md5: 9dd4e461268c8034f5c8564e155c67a6\n  path: a.txt", "outs:\n- md5: {0}\n  path: a.txt\n  size: 7\n  hash: md5\n")]
    public void A_pointer_is_edited_in_place_as_DVC_edits_it(string before, string after)
    {
        var file = this.folder.Write("a.txt.dvc", before);
        var pointer = PointerFile.Read(file, "a.txt.dvc").Write(New);
        Assert.Equal(after.Replace("{0}", New.Md5, StringComparison.Ordinal), File.ReadAllText(file));
        Assert.Equal(New, PointerFile.Read(file, "a.txt.dvc").Digest);
        Assert.Equal(New, pointer.Digest);
    }

    [Fact]
    public void Each_of_several_outputs_is_written_for_itself()
    {
        var file = this.folder.Write("m.dvc", "outs:\n- path: a\n- path: sub/b\n  remote: other\n  push: false\n");
        var pointers = PointerFile.ReadAll(file, "m.dvc");
        Assert.Equal([this.folder.Of("a"), this.folder.Of("sub", "b")], pointers.Select(p => p.Target));
        Assert.Equal(("other", false), (pointers[1].Remote, pointers[1].Push));
        pointers[1].Write(New);
        Assert.Equal($"outs:\n- path: a\n- path: sub/b\n  remote: other\n  push: false\n  md5: {New.Md5}\n  size: 7\n  hash: md5\n", File.ReadAllText(file));
        Assert.Throws<DataException>(() => PointerFile.Read(file, "m.dvc"));
    }

    // The three files were written by DVC 3.67.1.
    [Theory]
    [InlineData("md5: 78d95308cbf27e2b92ea95418cdc3a90\nfrozen: true\ndeps:\n- path: d.txt\n  repo:\n    url: ../src\n    rev_lock: 1e2325bfb0b910b1f7e5c534102ded2e6e9c944f\nouts:\n- md5: b026324c6904b2a9cb4b88d6d61c81d1\n  size: 2\n  hash: md5\n  path: d.txt\n")]
    [InlineData("md5: eddffbef85d6bcdb4e0c8d6a8011da8c\nfrozen: true\ndeps:\n- md5: 9ffbf43126e33be52cd2bf7e01d627f9\n  size: 2\n  hash: md5\n  path: ../ext.txt\nouts:\n- md5: 9ffbf43126e33be52cd2bf7e01d627f9\n  size: 2\n  hash: md5\n  path: ext.txt\n")]
    public void An_import_is_known_by_its_source_and_its_own_checksum(string text)
    {
        var file = this.folder.Write("x.dvc", text);
        var pointer = PointerFile.Read(file, "x.dvc");
        Assert.True(pointer.Frozen);
        Assert.False(pointer.IsStale);
        Assert.Equal(text.Contains("repo:", StringComparison.Ordinal), pointer.IsFromRepository);
        Assert.Equal(pointer.IsFromRepository ? "d.txt (../src)" : "../ext.txt", Assert.Single(pointer.Sources).Shown);

        pointer.Write(pointer.Digest!);
        Assert.Equal(text, File.ReadAllText(file));
        pointer.Write(New);
        Assert.NotEqual(text.Split('\n')[0], File.ReadAllText(file).Split('\n')[0]);
        Assert.False(PointerFile.Read(file, "x.dvc").IsStale);
        File.Delete(file);
        pointer.Write(pointer.Digest!);
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("outs:\n- md5: 9dd4\n  path: a\n", "x.dvc:2: pointer's output: `9dd4` is not an MD5 digest")]
    [InlineData("outs:\n- md5: 9dd4e461268c8034f5c8564e155c67a6\n  hash: sha256\n  path: a\n", "`hash: sha256` is not known")]
    [InlineData("outs:\n- md5: 9dd4e461268c8034f5c8564e155c67a6-dos2unix\n  path: a\n", "is not an MD5 digest")]
    [InlineData("outs:\n- path: s3://bucket/x\n", "is an address")]
    [InlineData("outs:\n- path: a\n  files:\n  - relpath: b\n", "x.dvc:4: pointer's output: `files` belongs to a remote with `version_aware`")]
    [InlineData("outs:\n- path: a\n  cloud: {s3: {version_id: x}}\n", "`cloud` belongs to")]
    [InlineData("outs:\n- path: a\n  hsh: md5\n", "did you mean `hash`")]
    [InlineData("outs: 3\n", "`outs` must be a list")]
    [InlineData("outs:\n- {}\n", "`path` is missing")]
    [InlineData("cmd: echo\nouts:\n- path: a\n", "x.dvc:1: pointer: unknown key `cmd`")]
    [InlineData("", "is empty")]
    public void A_pointer_that_cannot_be_meant_is_refused_with_its_place(string text, string expected)
    {
        var error = Assert.Throws<DataException>(() => PointerFile.ReadAll(this.folder.Write("x.dvc", text), "x.dvc"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_DVC_2_recorded_is_found_where_it_lies_and_stays_as_it_is()
    {
        Project.Initialize(this.folder.Path);
        this.folder.Write("c.txt", "a\r\nb\r\n");
        var file = this.folder.Write("c.txt.dvc", "outs:\n- md5: dd8c6a395b5dd36c56d23275028f526c\n  size: 6\n  path: c.txt\n");
        var project = Project.Open(this.folder.Path, TimeProvider.System);
        var pointer = PointerFile.Read(file, "c.txt.dvc");
        Assert.Equal(("dd/8c6a395b5dd36c56d23275028f526c", true), (pointer.Digest!.Key, pointer.Digest.IsLegacy));
        Assert.False(project.Cache.Has(pointer.Digest.Md5));

        Assert.Equal(pointer.Digest, project.Workspace.Save(this.folder.Of("c.txt"), pointer.Digest));
        Assert.True(File.Exists(this.folder.Of(".dvc", "cache", "dd", "8c6a395b5dd36c56d23275028f526c")));
        File.Delete(this.folder.Of("c.txt"));
        Assert.Equal(Change.Added, project.Workspace.Restore(this.folder.Of("c.txt"), pointer.Digest));
        Assert.Equal("a\r\nb\r\n", File.ReadAllText(this.folder.Of("c.txt")));
        Assert.Equal(Change.None, project.Workspace.Restore(this.folder.Of("c.txt"), pointer.Digest));

        this.folder.Write("c.txt", "new");
        pointer.Write(project.Workspace.Save(this.folder.Of("c.txt"), pointer.Digest));
        Assert.Equal("outs:\n- md5: 22af645d1859cb5ca6da0c484f1f37ea\n  size: 3\n  path: c.txt\n  hash: md5\n", File.ReadAllText(file));
    }

    [Fact]
    public void A_folder_of_DVC_2_is_found_in_its_own_listing()
    {
        Project.Initialize(this.folder.Path);
        this.folder.Write("d/b", "q");
        this.folder.Write("d/c.txt", "a\r\nb\r\n");
        var project = Project.Open(this.folder.Path, TimeProvider.System);
        var listing = DirectoryListing.Of([("b", "7694f4a66316e53c8cdd9d9954bd611d"), ("c.txt", "dd8c6a395b5dd36c56d23275028f526c")]);
        var then = new Digest(Digest.LegacyName(listing.Md5), 7, 2);
        Assert.Equal(then.Md5, project.Workspace.Save(this.folder.Of("d"), then).Md5);
        Directory.Delete(this.folder.Of("d"), recursive: true);
        Assert.Equal(Change.Added, project.Workspace.Restore(this.folder.Of("d"), then));
        Assert.Equal("a\r\nb\r\n", File.ReadAllText(this.folder.Of("d", "c.txt")));
        this.folder.Write("d/b", "w");
        Assert.False(project.Workspace.DigestOf(this.folder.Of("d"), then)!.IsLegacy);
    }

    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("a\r\nb\r\n", "dd8c6a395b5dd36c56d23275028f526c")]
    [InlineData("a\nb\n", "dd8c6a395b5dd36c56d23275028f526c")]
    [InlineData("a\r\nb\0", "8e7b3e3b2e3d1f0e8f1d3a8f5c0f9a55", true)]
    public void Only_text_has_its_line_ends_changed_before_it_is_hashed(string text, string expected, bool isOwn = false)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
#pragma warning disable CA5351 // DVC's format
        expected = isOwn ? Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes)) : expected;
#pragma warning restore CA5351
        Assert.Equal(expected, LegacyDigests.Of(new MemoryStream(bytes)));
    }
}
