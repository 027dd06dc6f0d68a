using System.Diagnostics;
using Ci.Data.Files;
using Ci.Storage.FileSystem;
using Ci.Testing;

namespace Ci.Data.Tests;

/// <summary>What lies in folders that people track and can be no data, or changes while it is taken.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OddFoldersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Project project;

    public OddFoldersTests()
    {
        Project.Initialize(this.folder.Path);
        this.folder.Write("d/a", "1");
        this.project = Project.Open(this.folder.Path, TimeProvider.System);
    }

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_named_pipe_is_named_and_never_waited_for()
    {
        Shell("mkfifo", this.folder.Of("d", "pipe"));
        Assert.Contains("a named pipe", this.Refused("d"), StringComparison.Ordinal);
        Assert.Contains("a named pipe", this.Refused("d/pipe"), StringComparison.Ordinal);
        File.Delete(this.folder.Of("d", "pipe"));
        Assert.Contains("a device", this.RefusedLink("/dev/zero"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leads_back_up_ends_at_once_even_when_there_are_many()
    {
        for (var i = 0; i < 5; i++)
            File.CreateSymbolicLink(this.folder.Of("d", $"up{i}"), this.folder.Of("d"));
        Assert.Contains("leads back to", this.Refused("d"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leads_nowhere_or_in_a_circle_is_named()
    {
        Assert.Contains("leads nowhere", this.RefusedLink("gone"), StringComparison.Ordinal);
        Assert.Contains("leads nowhere", this.RefusedLink("link"), StringComparison.Ordinal);
        File.CreateSymbolicLink(this.folder.Of("broken"), "gone");
        Assert.Contains("`gone`, which does not exist", this.Refused("broken"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_another_folder_is_followed_as_often_as_it_is_there()
    {
        this.folder.Write("other/x", "x");
        File.CreateSymbolicLink(this.folder.Of("d", "one"), this.folder.Of("other"));
        File.CreateSymbolicLink(this.folder.Of("d", "two"), this.folder.Of("other"));
        Assert.Equal(3, this.project.Workspace.Save(this.folder.Of("d")).FileCount);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_refused_with_its_bytes()
    {
        Shell("sh", "-c", $"touch \"$(printf '{this.folder.Of("d")}/caf\\351')\"");
        Assert.Contains("caf\\xe9", this.Refused("d"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_line_breaks_and_quotes_inside_a_folder_come_back()
    {
        this.folder.Write("d/line\nbreak", "2");
        this.folder.Write("d/\"quoted\\\"", "3");
        this.folder.Write("d/ﬀ😀", "4");
        var digest = this.project.Workspace.Save(this.folder.Of("d"));
        Assert.Equal(DirectoryListing.Of(this.project.Cache.ReadListing(digest.Md5).Files).Md5, digest.Md5);
        Directory.Delete(this.folder.Of("d"), recursive: true);
        this.project.Workspace.Restore(this.folder.Of("d"), digest);
        Assert.Equal("2", File.ReadAllText(this.folder.Of("d", "line\nbreak")));
        Assert.Equal(digest, this.project.Workspace.DigestOf(this.folder.Of("d")));
    }

    [Fact]
    public void The_digest_of_a_folder_follows_every_change()
    {
        var digests = new HashSet<string>(StringComparer.Ordinal);
        See();
        this.folder.Write("d/b/c", "2");
        See();
        this.folder.Write("d/a", "3");
        See();
        File.Move(this.folder.Of("d/a"), this.folder.Of("d/z"));
        See();
        File.Delete(this.folder.Of("d/z"));
        See();
        Assert.Equal(5, digests.Count);

        void See()
        {
            // Old enough to be remembered, so that it is memory that is asked the second time.
            foreach (var file in Directory.EnumerateFiles(this.folder.Of("d"), "*", SearchOption.AllDirectories))
                File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(digests.Count));
            Thread.Yield();
            SpinWait.SpinUntil(() => false, 60);
            digests.Add(this.project.Workspace.DigestOf(this.folder.Of("d"))!.Md5);
            this.project.SaveState();
            Assert.Contains(Project.Open(this.folder.Path, TimeProvider.System).Workspace.DigestOf(this.folder.Of("d"))!.Md5, digests);
        }
    }

    [Fact]
    public void A_damaged_object_is_put_aside_told_and_taken_anew()
    {
        var file = this.folder.Of("d", "a");
        var digest = this.project.Workspace.Save(file);
        var path = this.project.Cache.PathOf(digest.Md5);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, "damaged");
        var told = new List<string>();
        this.project.Cache.Tell = told.Add;
        Assert.Throws<MissingDataException>(() => this.project.Workspace.Restore(this.folder.Of("b"), digest));
        Assert.Equal("damaged", File.ReadAllText(path + ".corrupt"));
        Assert.Contains("was damaged", Assert.Single(told), StringComparison.Ordinal);
        this.project.Workspace.Save(file);
        this.project.Workspace.Restore(this.folder.Of("b"), digest);
        Assert.Equal("1", File.ReadAllText(this.folder.Of("b")));
    }

    [Fact]
    public async Task A_file_that_goes_on_changing_is_refused_or_taken_whole()
    {
        var file = this.folder.Write("d/busy", "0");
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                File.WriteAllText(file, new string((char)('a' + (i % 26)), 100_000));
        });
        for (var i = 0; i < 20; i++)
        {
            try
            {
                Assert.True(this.project.Cache.Has(this.project.Workspace.Save(file).Md5));
            }
            catch (DataException error)
            {
                Assert.Contains("goes on changing", error.Message, StringComparison.Ordinal);
            }
        }

        await stop.CancelAsync();
        await writer;
        foreach (var item in Directory.EnumerateFiles(this.folder.Of(".dvc/cache/files"), "*", SearchOption.AllDirectories))
            Assert.True(this.project.Cache.Has(Path.GetFileName(Path.GetDirectoryName(item)) + Path.GetFileName(item)));
    }

    [Fact]
    public void A_large_file_is_the_same_in_the_cache()
    {
        var bytes = new byte[5_000_001];
        new Random(3).NextBytes(bytes);
        File.WriteAllBytes(this.folder.Of("large"), bytes);
        var digest = this.project.Workspace.Save(this.folder.Of("large"));
        Assert.Equal(bytes, File.ReadAllBytes(this.project.Cache.PathOf(digest.Md5)));
        Assert.Equal(Disk.ReadOnly, File.GetUnixFileMode(this.project.Cache.PathOf(digest.Md5)));
        Assert.Equal(Md5Text.Of(FileReading.Digest(this.folder.Of("large")).Md5), digest.Md5);
    }

    private static void Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string RefusedLink(string target)
    {
        var link = this.folder.Of("d", "link");
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
        return this.Refused("d");
    }

    private string Refused(string path) => Assert.ThrowsAny<DataException>(() => this.project.Workspace.Save(this.folder.Of(path))).Message;
}
