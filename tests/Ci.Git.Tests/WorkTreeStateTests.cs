using Ci.Testing;

namespace Ci.Git.Tests;

/// <summary>States of the work tree as trees, and further work trees.</summary>
public sealed class WorkTreeStateTests : IDisposable
{
    private static readonly GitOptions Options = new() { Environment = GitIsolation.Environment, Timeout = TimeSpan.FromSeconds(30) };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task A_snapshot_holds_what_is_tracked_and_what_is_named_and_leaves_the_index_alone()
    {
        var git = await this.RepositoryAsync();
        this.folder.Write("r/a.txt", "changed");
        File.Delete(this.folder.Of("r/b.txt"));
        this.folder.Write("r/ignored.txt", "named");
        this.folder.Write("r/stray.txt", "untracked");
        var index = await File.ReadAllBytesAsync(this.folder.Of("r/.git/index"));

        var tree = await git.SnapshotAsync(["ignored.txt", "not there"]);
        Assert.Equal([".gitignore", "a.txt", "ignored.txt"], (await git.ListTreeAsync(tree)).Select(e => e.Path));
        Assert.Equal("changed"u8.ToArray(), await git.ReadFileAsync(tree, "a.txt"));
        Assert.Equal(index, await File.ReadAllBytesAsync(this.folder.Of("r/.git/index")));
        Assert.Equal(["stray.txt"], await git.UntrackedAsync());
        Assert.Equal([('M', "a.txt"), ('D', "b.txt"), ('A', "ignored.txt")], await git.ChangesAsync("HEAD", tree));
    }

    [Fact]
    public async Task Restoring_writes_removes_and_touches_nothing_else()
    {
        var git = await this.RepositoryAsync();
        var first = (await git.ResolveAsync("HEAD"))!;
        this.folder.Write("r/a.txt", "two");
        this.folder.Write("r/new.txt", "new");
        this.folder.Write("r/b.txt", "mine");
        await git.AddAndCommitAsync(["a.txt", "new.txt"], "Second");
        await git.RestoreAsync(first, ["a.txt", "new.txt"]);
        Assert.Equal("one", await File.ReadAllTextAsync(this.folder.Of("r/a.txt")));
        Assert.False(File.Exists(this.folder.Of("r/new.txt")));
        Assert.Equal("mine", await File.ReadAllTextAsync(this.folder.Of("r/b.txt")));
    }

    [Fact]
    public async Task A_work_tree_runs_no_hooks_and_is_gone_when_it_is_removed()
    {
        var git = await this.RepositoryAsync();
        var hook = this.folder.Write("r/.git/hooks/post-checkout", $"#!/bin/sh\ntouch {this.folder.Of("hooked")}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var tree = await git.AddWorktreeAsync(this.folder.Of("w"), "HEAD");
        Assert.Equal("one", await File.ReadAllTextAsync(this.folder.Of("w/a.txt")));
        Assert.Null(await tree.CurrentBranchAsync());
        Assert.False(File.Exists(this.folder.Of("hooked")));
        await git.RemoveWorktreeAsync(this.folder.Of("w"));
        Assert.False(Directory.Exists(this.folder.Of("w")));
        Assert.False(Directory.Exists(this.folder.Of("r/.git/worktrees/w")));
        await git.RemoveWorktreeAsync(this.folder.Of("w")); // gone already
    }

    [Fact]
    public async Task A_bundle_carries_a_commit_to_a_clone_that_has_its_base()
    {
        var git = await this.RepositoryAsync();
        var head = (await git.ResolveAsync("HEAD"))!;
        var clone = await GitRepository.CloneAsync(git.Path, this.folder.Of("c"), Options);
        var commit = await git.CommitTreeAsync(await git.WriteTreeAsync(head, new Dictionary<string, byte[]?> { ["x"] = "x"u8.ToArray() }), [head], "Subject\n\nBody");
        Assert.True(await git.UpdateRefAsync("refs/exps/x", commit, null));
        await git.BundleAsync(this.folder.Of("bundle"), "refs/exps/x", head);
        await clone.FetchAsync(this.folder.Of("bundle"), ["+refs/exps/x:refs/exps/y"]);
        var found = Assert.Single(await clone.RefsAsync("refs/exps"));
        Assert.Equal(("refs/exps/y", commit, "Subject\n\nBody"), (found.Name, found.Commit, found.Message));
    }

    [Theory]
    [InlineData("refs/heads/a", true)]
    [InlineData("refs/heads/a b", false)]
    [InlineData("refs/heads/a..b", false)]
    [InlineData("-x", false)]
    [InlineData("refs/heads/a\nb", false)]
    public async Task Names_are_judged_by_git_itself(string name, bool allowed) => Assert.Equal(allowed, await (await this.RepositoryAsync()).IsRefNameAsync(name));

    private async Task<GitRepository> RepositoryAsync()
    {
        var git = await GitRepository.InitAsync(this.folder.Of("r"), o: Options);
        this.folder.Write("r/.gitignore", "ignored.txt\n");
        this.folder.Write("r/a.txt", "one");
        this.folder.Write("r/b.txt", "one");
        await git.AddAndCommitAsync([".gitignore", "a.txt", "b.txt"], "First");
        return git;
    }
}
