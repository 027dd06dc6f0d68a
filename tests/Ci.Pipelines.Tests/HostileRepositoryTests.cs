using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Ci.Data;
using Ci.Git;
using Ci.Pipelines.Revisions;
using Ci.Pipelines.Upstream;
using Ci.Testing;

namespace Ci.Pipelines.Tests;

/// <summary>Repositories that Git's own commands would not make, but that anybody can serve.</summary>
public sealed class HostileRepositoryTests : IDisposable
{
    private static readonly GitOptions Options = new() { Environment = GitIsolation.Environment };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [InlineData("..")]
    [InlineData(".git")]
    [InlineData("a/b")]
    [InlineData("..\0")]
    public async Task An_entry_that_could_become_another_file_is_not_read(string name)
    {
        var git = await GitRepository.InitAsync(this.folder.Of("up"), bare: true, o: Options);
        var blob = this.Object("blob", Encoding.UTF8.GetBytes("stages: {}\n"));
        var inner = this.Object("tree", [.. Entry("100644", "dvc.yaml", blob)]);
        var root = this.Object("tree", [.. Entry("40000", name.TrimEnd('\0'), inner)]);
        var commit = await git.CommitTreeAsync(root, [], "Hostile\n");
        Project.Initialize(this.folder.Path);
        var home = Project.Open(this.folder.Path, TimeProvider.System);
        using (var reader = GitReader.Start(this.folder.Of("up"), bare: true, Options))
        using (var view = RevisionView.Open(reader, commit, home, TimeProvider.System))
            Assert.Contains("no honest repository has", Assert.Throws<PipelineException>(() => view.Pipeline).Message, StringComparison.Ordinal);
        using var upstream = await UpstreamRepository.OpenAsync(this.folder.Of("up"), commit, home, new UpstreamOptions(this.folder.Path, Options, TimeProvider.System));
        await Assert.ThrowsAsync<PipelineException>(() => upstream.ListAsync("", intoData: true));
        Assert.False(File.Exists(this.folder.Of("dvc.yaml")));
    }

    [Fact]
    public async Task A_listing_that_is_not_what_its_name_says_is_refused()
    {
        var git = await GitRepository.InitAsync(this.folder.Of("up"), o: Options);
        Project.Initialize(this.folder.Of("up"));
        this.folder.Write("up/.dvc/config", $"[core]\n    remote = s\n['remote \"s\"']\n    url = {this.folder.Of("store")}\n");
        this.folder.Write("up/d.dvc", "outs:\n- md5: 00000000000000000000000000000001.dir\n  hash: md5\n  path: d\n");
        this.folder.Write("store/files/md5/00/000000000000000000000000000001.dir", """[{"md5": "401b30e3b8b5d629635a5c613cdb7919", "relpath": "../../out"}]""");
        await git.AddAndCommitAsync(["."], "One");
        Project.Initialize(this.folder.Path);
        var home = Project.Open(this.folder.Path, TimeProvider.System);
        using var upstream = await UpstreamRepository.OpenAsync(this.folder.Of("up"), null, home, new UpstreamOptions(this.folder.Path, Options, TimeProvider.System));
        Assert.Contains("not a path below a folder", (await Assert.ThrowsAsync<CorruptDataException>(() => upstream.FindAsync("d"))).Message, StringComparison.Ordinal);
        this.folder.Write("store/files/md5/00/000000000000000000000000000001.dir", """[{"md5": "401b30e3b8b5d629635a5c613cdb7919", "relpath": "x"}]""");
        Assert.Contains("is damaged", (await Assert.ThrowsAsync<CorruptDataException>(() => upstream.FindAsync("d"))).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<byte> Entry(string mode, string name, string id) => [.. Encoding.UTF8.GetBytes($"{mode} {name}\0"), .. Convert.FromHexString(id)];

    // As Git stores a loose object; none of its own commands would write such a tree.
    private string Object(string type, byte[] content)
    {
        byte[] whole = [.. Encoding.ASCII.GetBytes($"{type} {content.Length}\0"), .. content];
#pragma warning disable CA5350 // Git names its objects so
        var id = Convert.ToHexStringLower(SHA1.HashData(whole));
#pragma warning restore CA5350
        var file = this.folder.Of("up", "objects", id[..2], id[2..]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = new ZLibStream(File.Create(file), CompressionLevel.Fastest);
        stream.Write(whole);
        return id;
    }
}
