using System.Text;
using Ci.Testing;

namespace Ci.Git.Tests;

public sealed class GitReaderTests : IDisposable
{
    private static readonly GitOptions Options = new() { Environment = GitIsolation.Environment };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task One_process_answers_many_questions_about_a_folder_of_a_work_tree()
    {
        var git = await GitRepository.InitAsync(this.folder.Path, o: Options);
        this.folder.Write("sub/a b.txt", "one");
        this.folder.Write("sub/in/new\nline", "two");
        this.folder.Write("outside.txt", "no");
        await git.AddAndCommitAsync(["."], "First");
        using var reader = GitReader.Start(this.folder.Of("sub"), options: Options);
        var commit = reader.Resolve("HEAD")!;
        Assert.Equal(await git.ResolveAsync("HEAD"), commit);
        Assert.Equal(["a b.txt", "in"], reader.Root(commit).Select(e => e.Path));
        Assert.Equal("two", Encoding.UTF8.GetString(reader.Blob(reader.Find(commit, "in/new\nline")!.Id)));
        Assert.Equal("one", Encoding.UTF8.GetString(reader.Blob(reader.Find(commit, "a b.txt")!.Id)));
        Assert.Null(reader.Find(commit, "outside.txt"));
        Assert.Null(reader.Find(commit, "a b.txt/deeper"));
        Assert.Null(reader.Resolve("HEAD~7"));
        Assert.Null(reader.Resolve("no such"));
        Assert.Throws<GitRefusedException>(() => reader.Resolve("a\nb"));
        Assert.Throws<GitException>(() => reader.Blob(reader.Find(commit, "a b.txt")!.Id, limit: 2));
        Assert.Throws<GitException>(() => reader.Blob(new string('1', 40)));
        Assert.Equal("one", Encoding.UTF8.GetString(reader.Blob(reader.Find(commit, "a b.txt")!.Id)));
        Assert.Equal(3, (await reader.SizesAsync(commit))[reader.Find(commit, "a b.txt")!.Id]);
    }

    [Fact]
    public async Task A_commit_without_the_folder_has_nothing_in_it_and_no_repository_is_told()
    {
        var git = await GitRepository.InitAsync(this.folder.Of("r"), o: Options);
        this.folder.Write("r/a", "one");
        await git.AddAndCommitAsync(["."], "First");
        Directory.CreateDirectory(this.folder.Of("r", "late"));
        using (var reader = GitReader.Start(this.folder.Of("r", "late"), options: Options))
            Assert.Empty(reader.Root(reader.Resolve("HEAD")!));
        using var none = GitReader.Start(this.folder.Path, options: Options);
        Assert.Contains("in no Git repository", Assert.Throws<NotARepositoryException>(() => none.Resolve("HEAD")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Single_revisions_come_without_history_and_expressions_with_it()
    {
        var git = await GitRepository.InitAsync(this.folder.Of("up"), o: Options);
        foreach (var text in new[] { "1", "2", "3" })
        {
            this.folder.Write("up/a", text);
            await git.AddAndCommitAsync(["."], text);
        }

        var copy = await GitRepository.InitAsync(this.folder.Of("copy"), bare: true, o: Options);
        var url = $"file://{this.folder.Of("up")}";
        Assert.True(await copy.FetchOneAsync(url, "main", "refs/mlops/a"));
        Assert.Single(await copy.LogAsync("refs/mlops/a"));
        Assert.False(await copy.FetchOneAsync(url, "main~1", "refs/mlops/b"));
        Assert.False(await copy.FetchOneAsync(url, "nosuch", "refs/mlops/b"));
        await copy.FetchEverythingAsync(url);
        Assert.Equal(3, (await copy.LogAsync("main")).Count);
        await Assert.ThrowsAsync<GitRefusedException>(() => copy.FetchOneAsync("ext::sh -c x", "main", "refs/mlops/b"));
        await Assert.ThrowsAsync<GitRefusedException>(() => copy.FetchOneAsync(url, "--upload-pack=x", "refs/mlops/b"));
        Assert.Equal(["main"], (await git.ReferencesAsync("refs/heads")).Select(r => r.Name));
        Assert.Equal(3, (await git.AllCommitsAsync()).Count);
    }

    [Fact]
    public void A_damaged_tree_is_no_reason_to_read_past_its_end()
    {
        Assert.Throws<GitException>(() => GitReader.Entries(Encoding.ASCII.GetBytes("100644 a\0tooshort"), 20));
        Assert.Throws<GitException>(() => GitReader.Entries(Encoding.ASCII.GetBytes("100644 no end"), 20));
        Assert.Throws<GitException>(() => GitReader.Entries(Encoding.ASCII.GetBytes("noblank"), 20));
    }
}
