using Ci.Data.Files;
using Ci.Storage.FileSystem;
using Ci.Testing;
using Ci.Testing.FileSystem;

namespace Ci.Data.Tests;

/// <summary>Workspaces whose files are links into the cache, as <c>cache.type</c> asks for.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class LinkTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public LinkTests()
    {
        Project.Initialize(this.folder.Path);
        this.folder.Write("d/a", "1");
        this.folder.Write("d/in/b", "2");
        this.folder.Write("d/same", "1");
    }

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [InlineData("hardlink")]
    [InlineData("symlink")]
    [InlineData("reflink,symlink,copy")]
    public void What_is_taken_and_put_back_shares_one_file_with_the_cache_and_cannot_be_written(string type)
    {
        var project = this.Open(type);
        var digest = project.Workspace.Save(this.folder.Of("d"));
        this.AllAreLinks(project);
        Assert.Equal(digest, project.Workspace.DigestOf(this.folder.Of("d")));
        Assert.Equal(digest, project.Workspace.Save(this.folder.Of("d")));
        Directory.Delete(this.folder.Of("d"), recursive: true);
        project.Workspace.Restore(this.folder.Of("d"), digest);
        this.AllAreLinks(project);
        Assert.Empty(Directory.EnumerateFiles(this.folder.Path, ".~mlops*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }));
    }

    [Theory]
    [InlineData("hardlink")]
    [InlineData("symlink")]
    public void Unprotected_files_have_bytes_of_their_own(string type)
    {
        var project = this.Open(type);
        var digest = project.Workspace.Save(this.folder.Of("d"));
        Assert.Equal(3, project.Workspace.Unprotect(this.folder.Of("d")));
        Assert.Equal(0, project.Workspace.Unprotect(this.folder.Of("d")));
        File.WriteAllText(this.folder.Of("d/a"), "changed");
        Assert.True(project.Cache.HasAll(digest.Md5));
        Assert.Null(new FileInfo(this.folder.Of("d/a")).LinkTarget);
        Assert.True(project.Workspace.Relink(this.folder.Of("d/in/b")));
        Assert.Equal(Inode(project.Cache.PathOf(Md5Of("2"))), Inode(this.folder.Of("d/in/b")));
    }

    [Fact]
    public void A_file_that_can_be_run_keeps_its_mode_and_a_file_of_its_own()
    {
        var file = this.folder.Write("tool", "#!/bin/sh\n");
        File.SetUnixFileMode(file, Disk.Plain | UnixFileMode.UserExecute);
        var project = this.Open("hardlink");
        var digest = project.Workspace.Save(file);
        Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));
        File.Delete(file);
        project.Workspace.Restore(file, digest);
        Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute | UnixFileMode.UserWrite));
        Assert.NotEqual(Inode(project.Cache.PathOf(digest.Md5)), Inode(file));
    }

    [Fact]
    public void Without_relinking_and_by_default_files_stay_writable_files_of_their_own()
    {
        foreach (var (type, relink) in new[] { ("hardlink", false), ("", true), ("reflink,copy", true), ("copy", true) })
        {
            var project = this.Open(type);
            project.Workspace.Save(this.folder.Of("d"), relink);
            Assert.NotEqual(Inode(project.Cache.PathOf(Md5Of("1"))), Inode(this.folder.Of("d/a")));
            Assert.True(File.GetUnixFileMode(this.folder.Of("d/a")).HasFlag(UnixFileMode.UserWrite));
        }
    }

    [Fact]
    public void An_unknown_type_of_link_is_named() =>
        Assert.Contains("`type` must be reflink, hardlink, symlink, copy, not `hardlnk`", Assert.Throws<ProjectConfigException>(() => this.Open("hardlnk").Workspace.Save(this.folder.Of("d"))).Message, StringComparison.Ordinal);

    private static string Md5Of(string text) => Md5.Of(System.Text.Encoding.UTF8.GetBytes(text));

    private static long Inode(string path) => FileStamp.Of(path)!.Value.Inode;

    private void AllAreLinks(Project project)
    {
        foreach (var (path, text) in new[] { ("d/a", "1"), ("d/in/b", "2"), ("d/same", "1") })
        {
            Assert.Equal(text, File.ReadAllText(this.folder.Of(path)));
            Assert.Equal(Inode(project.Cache.PathOf(Md5Of(text))), Inode(this.folder.Of(path)));
            Assert.False(File.GetUnixFileMode(this.folder.Of(path)).HasFlag(UnixFileMode.UserWrite) && new FileInfo(this.folder.Of(path)).LinkTarget is null);
        }
    }

    private Project Open(string type)
    {
        this.folder.Write(".dvc/config", type.Length == 0 ? "" : $"[cache]\n    type = {type}\n");
        return Project.Open(this.folder.Path, TimeProvider.System);
    }
}
