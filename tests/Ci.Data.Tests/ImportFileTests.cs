using Ci.Testing;

namespace Ci.Data.Tests;

public sealed class ImportFileTests : IDisposable
{
    // Written by DVC 3.67.1 for `dvc import /tmp/vb/up gg`, `… --rev v1 /tmp/vb/up dd/s/y -o y` and `import-url /tmp/vb/up/gg gl`.
    private const string Folder = "md5: 375f7e7d102b5a0d5dfceb4a3b2c4fbe\nfrozen: true\ndeps:\n- path: gg\n  repo:\n    url: /tmp/vb/up\n    rev_lock: f7ad5b2000e9d307d70bd80d560f80ca6d1fc01f\n"
        + "outs:\n- md5: cefe181faf385123c41f7b582a17562b.dir\n  size: 10\n  nfiles: 4\n  hash: md5\n  path: gg\n";

    private const string Tagged = "md5: 33c36d0e3402bb4a014192570904fcc0\nfrozen: true\ndeps:\n- path: dd/s/y\n  repo:\n    url: /tmp/vb/up\n    rev: v1\n    rev_lock: f7ad5b2000e9d307d70bd80d560f80ca6d1fc01f\n"
        + "outs:\n- md5: 009520053b00386d1173f3988c55d192\n  size: 2\n  hash: md5\n  path: y\n";

    private const string Address = "md5: 584e100f0d8ea6f0aa792dec2cda420c\nfrozen: true\ndeps:\n- md5: 07294e277203e61a0c43faa839cf6e6e.dir\n  size: 88\n  nfiles: 5\n  hash: md5\n  path: /tmp/vb/up/gg\n"
        + "outs:\n- md5: 07294e277203e61a0c43faa839cf6e6e.dir\n  size: 88\n  nfiles: 5\n  hash: md5\n  path: gl\n";

    private const string NoDownload = "md5: 1341c020cbc2b57c8eb5bd6ae88e2817\nfrozen: true\ndeps:\n- path: dd\n  repo:\n    url: /tmp/vb/up\n    rev_lock: f7ad5b2000e9d307d70bd80d560f80ca6d1fc01f\nouts:\n- hash: md5\n  path: b\n";

    // The same after `dvc update`: what is new goes below what stood there.
    private const string Updated = "md5: 17cd6246167c3380649c524b6dbc5e4a\nfrozen: true\ndeps:\n- path: dd\n  repo:\n    url: /tmp/vb/up\n    rev_lock: f7ad5b2000e9d307d70bd80d560f80ca6d1fc01f\n"
        + "outs:\n- hash: md5\n  path: b\n  md5: f4d8e86801e869b6d9806731bd8d778b.dir\n  size: 4\n  nfiles: 2\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void New_imports_are_written_byte_for_byte_as_DVC_writes_them()
    {
        const string commit = "f7ad5b2000e9d307d70bd80d560f80ca6d1fc01f";
        var imported = ImportFile.OfRepository("/p/gg.dvc", "/p/gg", "gg", "/tmp/vb/up", null, null);
        imported.Follow(null, commit);
        imported.Take(new Digest("cefe181faf385123c41f7b582a17562b.dir", 10, 4));
        Assert.Equal(Folder, imported.Text());

        var tagged = ImportFile.OfRepository("/p/y.dvc", "/p/y", "dd/s/y", "/tmp/vb/up", "v1", null);
        tagged.Follow("v1", commit);
        tagged.Take(new Digest("009520053b00386d1173f3988c55d192", 2));
        Assert.Equal(Tagged, tagged.Text());

        var address = ImportFile.OfAddress("/p/gl.dvc", "/p/gl", "/tmp/vb/up/gg");
        Assert.Equal("frozen: true\ndeps:\n- hash: md5\n  path: /tmp/vb/up/gg\nouts:\n- hash: md5\n  path: gl\n", address.Text());
        var digest = new Digest("07294e277203e61a0c43faa839cf6e6e.dir", 88, 5);
        address.TakeSource(digest, null, 0);
        address.Take(digest);
        Assert.Equal(Address, address.Text());

        var only = ImportFile.OfRepository("/p/b.dvc", "/p/b", "dd", "/tmp/vb/up", null, null);
        only.Follow(null, commit);
        Assert.Equal(NoDownload, only.Text());
    }

    [Fact]
    public void An_import_that_is_read_keeps_its_order_and_what_else_it_says()
    {
        var file = this.folder.Write("b.dvc", NoDownload);
        var import = ImportFile.Read(file, "b.dvc")!;
        Assert.Equal(("dd", "/tmp/vb/up", this.folder.Of("b"), "dd (/tmp/vb/up)"), (import.SourcePath, import.Url, import.Target, import.SourceShown));
        import.Take(new Digest("f4d8e86801e869b6d9806731bd8d778b.dir", 4, 2));
        import.Write();
        Assert.Equal(Updated, File.ReadAllText(file));

        this.folder.Write("gg.dvc", Folder + "desc: kept\n");
        var again = ImportFile.Read(this.folder.Of("gg.dvc"), "gg.dvc")!;
        again.Follow("main", "0000000000000000000000000000000000000001");
        Assert.Contains("    url: /tmp/vb/up\n    rev: main\n    rev_lock: 0000000000000000000000000000000000000001\n", again.Text(), StringComparison.Ordinal);
        Assert.EndsWith("desc: kept\n", again.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outs:\n- md5: 009520053b00386d1173f3988c55d192\n  path: y\n", null)]
    [InlineData("deps:\n- path: x\nouts:\n- path: a\n- path: b\n", "one entry below")]
    [InlineData("deps:\n- repo: {rev: x}\n  path: x\nouts:\n- path: a\n", "`path` or `url` is missing")]
    [InlineData("deps:\n- path: x\nouts:\n- path: a\n  md5: ../../etc\n", "is not an MD5 digest")]
    [InlineData("deps: [1]\nouts:\n- path: a\n", "must hold keys with values")]
    public void What_is_no_import_or_a_damaged_one_is_told(string text, string? expected)
    {
        var file = this.folder.Write("x.dvc", text);
        if (expected is null)
            Assert.Null(ImportFile.Read(file, "x.dvc"));
        else
            Assert.Contains(expected, Assert.ThrowsAny<DataException>(() => ImportFile.Read(file, "x.dvc")).Message, StringComparison.Ordinal);
    }
}
