using System.Text;
using Ci.Testing;

namespace Ci.Git.Tests;

public sealed class GitRepositoryTests : IDisposable
{
    private static readonly GitOptions Options = new() { Environment = GitIsolation.Environment, Timeout = TimeSpan.FromSeconds(30) };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task A_folder_outside_any_repository_says_so()
    {
        var error = await Assert.ThrowsAsync<NotARepositoryException>(() => GitRepository.OpenAsync(this.folder.Path, Options));
        Assert.Contains(this.folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_below_the_top_finds_the_top()
    {
        await GitRepository.InitAsync(this.folder.Of("r"), o: Options);
        Directory.CreateDirectory(this.folder.Of("r", "a", "b"));
        var repository = await GitRepository.OpenAsync(this.folder.Of("r", "a", "b"), Options);
        Assert.Equal(this.folder.Of("r"), repository.Path);
        Assert.Equal("main", await repository.CurrentBranchAsync());
        Assert.Null(await repository.ResolveAsync("HEAD"));
        Assert.True((await GitRepository.OpenAsync((await this.BareAsync("b.git")).Path, Options)).IsBare);
    }

    [Fact]
    public async Task Adding_and_committing_again_without_a_change_is_harmless()
    {
        var repository = await GitRepository.InitAsync(this.folder.Path, o: Options);
        this.folder.Write("a.txt", "one");
        this.folder.Write("other.txt", "not asked for");
        await repository.AddAndCommitAsync(["a.txt"], "First\n\nBody\n\nPromotion-Id: abc\nPromotion-Id: def");
        var first = await repository.ResolveAsync("HEAD");
        await repository.AddAndCommitAsync(["a.txt"], "Second");
        Assert.Equal(first, await repository.ResolveAsync("HEAD"));
        Assert.False(await repository.IsDirtyAsync());
        this.folder.Write("a.txt", "two");
        Assert.True(await repository.IsDirtyAsync());

        var commit = Assert.Single(await repository.LogAsync("HEAD"));
        Assert.Equal(("First", "mlops <mlops@localhost>", "def"), (commit.Subject, commit.Author, commit.Trailers["promotion-id"]));
        Assert.StartsWith("Body", commit.Body, StringComparison.Ordinal);
        Assert.Equal(["a.txt"], (await repository.ListTreeAsync("HEAD")).Select(e => e.Path));
    }

    [Fact]
    public async Task Trees_are_written_in_a_bare_repository_with_hostile_names_and_read_back()
    {
        var repository = await this.BareAsync("r.git");
        string[] names = ["-rf", "a b", "quote\"s'", "new\nline", "tab\there", "*glob[?]", ":(top)magic", "ü/日本/😀", "back\\slash", "a/$(touch x)"];
        var tree = await repository.WriteTreeAsync(null, names.ToDictionary(n => n, n => (byte[]?)Encoding.UTF8.GetBytes("in " + n)));
        var commit = await repository.CommitTreeAsync(tree, [], "Hostile\n");
        Assert.Equal(names.Order(StringComparer.Ordinal), (await repository.ListTreeAsync(commit)).Select(e => e.Path).Order(StringComparer.Ordinal));
        foreach (var name in names)
            Assert.Equal("in " + name, Encoding.UTF8.GetString((await repository.ReadFileAsync(commit, name))!));

        var less = await repository.WriteTreeAsync(commit, new Dictionary<string, byte[]?> { ["-rf"] = null, [":(top)magic"] = null, ["absent"] = null, ["a b"] = [1] });
        Assert.Equal(names.Length - 2, (await repository.ListTreeAsync(less)).Count);
        Assert.Equal(tree, await repository.TreeOfAsync(commit));
        Assert.Equal([1], await repository.ReadFileAsync(less, "a b"));
        Assert.Null(await repository.ReadFileAsync(commit, "ü"));
        Assert.Equal(["ü/日本"], (await repository.ListTreeAsync(commit, "ü", recursive: false)).Select(e => e.Path));
    }

    [Fact]
    public async Task A_path_that_leaves_the_tree_is_refused()
    {
        var repository = await this.BareAsync("r.git");
        foreach (var path in new[] { "../x", "/etc/passwd", ".git/config", "a/../../b", "" })
            await Assert.ThrowsAsync<GitRefusedException>(() => repository.WriteTreeAsync(null, new Dictionary<string, byte[]?> { [path] = [] }));
    }

    [Fact]
    public async Task Of_two_racing_pushers_one_is_accepted_and_the_other_is_stale_until_it_looks_again()
    {
        var remote = await this.BareAsync("remote.git");
        var one = await GitRepository.CloneAsync(remote.Path, this.folder.Of("one"), Options);
        var two = await GitRepository.CloneAsync(remote.Path, this.folder.Of("two"), Options);
        var first = await CommitAsync(one, null, "1");
        Assert.Equal(PushOutcome.Accepted, await one.PushAsync("origin", [new RefUpdate("refs/heads/topic", first, null)]));
        Assert.Equal(PushOutcome.Stale, await two.PushAsync("origin", [new RefUpdate("refs/heads/topic", await CommitAsync(two, null, "x"), null)]));

        await two.FetchAsync("origin", ["+refs/heads/*:refs/remotes/origin/*"]);
        var ours = await CommitAsync(one, first, "2");
        var theirs = await CommitAsync(two, first, "3");
        var outcomes = await Task.WhenAll(
            one.PushAsync("origin", [new RefUpdate("refs/heads/topic", ours, first)]),
            two.PushAsync("origin", [new RefUpdate("refs/heads/topic", theirs, first)]));
        Assert.Equal([PushOutcome.Accepted, PushOutcome.Stale], outcomes.Order());
        var winner = (await remote.ResolveAsync("topic"))!;
        Assert.Contains(winner, new[] { ours, theirs });

        // Repeating the winner's push is no conflict; deleting needs the right lease too.
        var again = winner == ours ? one : two;
        Assert.Equal(PushOutcome.Accepted, await again.PushAsync("origin", [new RefUpdate("refs/heads/topic", winner, first)]));
        Assert.Equal(PushOutcome.Stale, await one.PushAsync("origin", [new RefUpdate("refs/heads/topic", null, first)]));
        Assert.Equal(PushOutcome.Accepted, await one.PushAsync("origin", [new RefUpdate("refs/heads/topic", null, winner)]));
        Assert.Null(await remote.ResolveAsync("topic"));
    }

    [Fact]
    public async Task A_push_of_several_references_is_all_or_nothing()
    {
        var remote = await this.BareAsync("remote.git");
        var one = await GitRepository.CloneAsync(remote.Path, this.folder.Of("one"), Options);
        var first = await CommitAsync(one, null, "1");
        await one.PushAsync("origin", [new RefUpdate("refs/heads/taken", first, null)]);
        var outcome = await one.PushAsync("origin", [new RefUpdate("refs/heads/new", first, null), new RefUpdate("refs/heads/taken", await CommitAsync(one, null, "2"), null)]);
        Assert.Equal(PushOutcome.Stale, outcome);
        Assert.Equal(["refs/heads/taken"], (await one.RemoteRefsAsync("origin", ["refs/heads/*"])).Keys);
    }

    [Fact]
    public async Task A_hook_that_declines_is_a_refusal_and_not_a_lost_race()
    {
        var remote = await this.BareAsync("remote.git");
        Directory.CreateDirectory(Path.Combine(remote.Path, "hooks"));
        var hook = Path.Combine(remote.Path, "hooks", "pre-receive");
        await File.WriteAllTextAsync(hook, "#!/bin/sh\necho 'policy says no' >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var one = await GitRepository.CloneAsync(remote.Path, this.folder.Of("one"), Options);
        var commit = await CommitAsync(one, null, "1");
        var error = await Assert.ThrowsAsync<GitRefusedException>(() => one.PushAsync("origin", [new RefUpdate("refs/heads/main", commit, null)]));
        Assert.Contains("hook declined", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_remote_is_unavailable_for_clone_fetch_and_push()
    {
        var gone = this.folder.Of("gone.git");
        var repository = await this.BareAsync("r.git");
        var commit = await CommitAsync(repository, null, "1");
        await Assert.ThrowsAsync<GitUnavailableException>(() => GitRepository.CloneAsync(gone, this.folder.Of("clone"), Options));
        await Assert.ThrowsAsync<GitUnavailableException>(() => repository.FetchAsync(gone, ["refs/heads/main"]));
        await Assert.ThrowsAsync<GitUnavailableException>(() => repository.PushAsync(gone, [new RefUpdate("refs/heads/main", commit, null)]));
        await Assert.ThrowsAsync<GitUnavailableException>(() => repository.RemoteRefsAsync("http://127.0.0.1:9/x.git", []));
    }

    [Theory]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("ext::sh -c id")]
    [InlineData("a\nb")]
    public async Task Addresses_that_would_run_something_are_refused(string address) =>
        await Assert.ThrowsAsync<GitRefusedException>(() => GitRepository.CloneAsync(address, this.folder.Of("c"), Options));

    [Fact]
    public async Task Tags_tell_annotated_from_lightweight_and_refuse_to_move()
    {
        var repository = await this.BareAsync("r.git");
        var commit = await CommitAsync(repository, null, "1");
        await repository.CreateTagAsync("model@v1.0.0", commit, "Release\n\n# not a comment\n");
        await repository.UpdateRefAsync("refs/tags/light", commit, null);
        var tags = await repository.TagsAsync();
        Assert.Equal(["light", "model@v1.0.0"], tags.Select(t => t.Name));
        Assert.Equal((null, commit, ""), (tags[0].TagObject, tags[0].TargetCommit, tags[0].Message));
        Assert.Equal((commit, "mlops <mlops@localhost>", "Release\n\n# not a comment"), (tags[1].TargetCommit, tags[1].Tagger, tags[1].Message));
        Assert.NotNull(tags[1].TagObject);
        await Assert.ThrowsAsync<GitRefusedException>(() => repository.CreateTagAsync("model@v1.0.0", commit, "again"));
        await Assert.ThrowsAsync<GitRefusedException>(() => repository.CreateTagAsync("bad..name", commit, "x"));
        await repository.DeleteTagAsync("light");
        await repository.DeleteTagAsync("light");
        Assert.Single(await repository.TagsAsync());
    }

    [Fact]
    public async Task Ancestry_and_merge_bases_are_told()
    {
        var repository = await this.BareAsync("r.git");
        var a = await CommitAsync(repository, null, "a");
        var b = await CommitAsync(repository, a, "b");
        var c = await CommitAsync(repository, a, "c");
        var stranger = await CommitAsync(repository, null, "z");
        Assert.Equal(a, await repository.MergeBaseAsync(b, c));
        Assert.Null(await repository.MergeBaseAsync(b, stranger));
        Assert.True(await repository.IsAncestorAsync(a, b));
        Assert.False(await repository.IsAncestorAsync(b, c));
        Assert.Equal([c, a], (await repository.LogAsync(c)).Select(x => x.Id));
        Assert.False(await repository.UpdateRefAsync("refs/heads/x", b, a));
    }

    [Fact]
    public async Task The_clock_dates_commits()
    {
        var repository = await GitRepository.InitAsync(this.folder.Path, bare: true, o: Options with { Time = new FixedTime() });
        var commit = await CommitAsync(repository, null, "a");
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(365), (await repository.LogAsync(commit))[0].CommitterDate);
    }

    [Fact]
    public void A_token_travels_by_environment_to_its_own_host_only()
    {
        var variables = GitCredentials.For("https://user@forge.example:8443/o/r.git", new GitOptions { Token = "t" })!;
        Assert.Equal("http.https://forge.example:8443/.extraHeader", variables["GIT_CONFIG_KEY_1"]);
        Assert.Equal("Authorization: Basic eC1hY2Nlc3MtdG9rZW46dA==", variables["GIT_CONFIG_VALUE_1"]);
        Assert.Null(GitCredentials.For("/srv/r.git", new GitOptions { Token = "t" }));
    }

    private static async Task<string> CommitAsync(GitRepository repository, string? parent, string text)
    {
        var tree = await repository.WriteTreeAsync(parent, new Dictionary<string, byte[]?> { ["file"] = Encoding.UTF8.GetBytes(text) });
        return await repository.CommitTreeAsync(tree, parent is null ? [] : [parent], text);
    }

    private Task<GitRepository> BareAsync(string name) => GitRepository.InitAsync(this.folder.Of(name), bare: true, o: Options);

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(365);
    }
}
