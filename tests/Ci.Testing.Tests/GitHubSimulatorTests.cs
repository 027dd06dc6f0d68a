using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Testing.Forge;

namespace Ci.Testing.Tests;

public sealed class GitHubSimulatorTests : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private GitHubSimulator forge = null!;
    private SimulatedRepository repository = null!;
    private string person = "";

    private string Clone => Path.Combine(this.folder, "clone");

    public async Task InitializeAsync()
    {
        this.forge = await GitHubSimulator.StartAsync(Path.Combine(this.folder, "forge"));
        this.repository = this.forge.CreateRepository("acme/energy-load");
        this.person = this.forge.AddToken("ada");
    }

    public async Task DisposeAsync()
    {
        await this.forge.DisposeAsync();
        Directory.Delete(this.folder, recursive: true);
    }

    [Fact]
    public async Task Git_clones_and_pushes_over_http_with_compressed_and_chunked_bodies()
    {
        await this.PushMain();
        // More than http.postBuffer: git then sends chunks.
        var big = new byte[3_000_000];
        new Random(7).NextBytes(big);
        await File.WriteAllBytesAsync(Path.Combine(this.Clone, "big.bin"), big);
        Git(this.Clone, "add", "-A");
        Git(this.Clone, "commit", "--quiet", "-m", "big");
        Git(this.Clone, "push", "--quiet", "origin", "main");

        var again = Path.Combine(this.folder, "again");
        Git(this.folder, "-c", "protocol.version=2", "clone", "--quiet", this.forge.GitUrl("acme/energy-load"), again);

        Assert.Equal(big, await File.ReadAllBytesAsync(Path.Combine(again, "big.bin")));
        Assert.Equal(Git(this.Clone, "rev-parse", "HEAD"), this.repository.Branch("main"));
    }

    [Fact]
    public async Task A_push_without_rights_or_past_protection_is_refused()
    {
        await this.PushMain();
        this.repository.Protect("main", "mlops/verdict");
        this.Write("b.txt", "b");
        var before = this.repository.Branch("main");

        var protectedPush = TryGit(this.Clone, "push", "origin", "main");
        var reader = this.forge.AddToken("reader", SimulatedToken.ReadOnly);
        var readerPush = TryGit(this.Clone, "push", this.Url(reader), "HEAD:refs/heads/other");

        Assert.NotEqual(0, protectedPush.ExitCode);
        Assert.Contains("GH006", protectedPush.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, readerPush.ExitCode);
        Assert.Equal(before, this.repository.Branch("main"));
        Assert.Null(this.repository.Branch("other"));
    }

    [Fact]
    public async Task A_pull_request_follows_its_branch_and_merges_only_when_the_required_check_passed()
    {
        await this.PushMain();
        this.repository.Protect("main", "mlops/verdict");
        var pull = await this.OpenPull();
        var first = (string)pull["head"]!["sha"]!;

        var early = await this.Send(HttpMethod.Put, "pulls/1/merge", new JsonObject { ["sha"] = first });
        this.Write("c.txt", "c");
        Git(this.Clone, "push", "--quiet", "origin", "HEAD:change");
        var head = Git(this.Clone, "rev-parse", "HEAD");
        var stale = await this.Send(HttpMethod.Put, "pulls/1/merge", new JsonObject { ["sha"] = first });
        var check = new JsonObject { ["name"] = "mlops/verdict", ["head_sha"] = head, ["conclusion"] = "success" };
        var byPerson = await this.Send(HttpMethod.Post, "check-runs", check.DeepClone().AsObject());
        var byJob = await this.Send(HttpMethod.Post, "check-runs", check, this.forge.JobToken);
        var merged = await this.Send(HttpMethod.Put, "pulls/1/merge", new JsonObject { ["sha"] = head });

        Assert.Equal((HttpStatusCode)405, early.Status);
        Assert.Contains("mlops/verdict", early.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, stale.Status);
        Assert.Equal(HttpStatusCode.Forbidden, byPerson.Status);
        Assert.Equal(HttpStatusCode.Created, byJob.Status);
        Assert.Equal(HttpStatusCode.OK, merged.Status);
        Assert.Equal((string)merged.Body["sha"]!, this.repository.Branch("main"));
        var commit = await this.Send(HttpMethod.Get, $"git/commits/{merged.Body["sha"]}");
        Assert.Equal(head, (string)commit.Body["parents"]![1]!["sha"]!);
    }

    [Theory]
    [InlineData("squash", 1)]
    [InlineData("rebase", 1)]
    [InlineData("merge", 2)]
    public async Task Every_method_of_merging_makes_its_own_kind_of_commit(string method, int parents)
    {
        await this.PushMain();
        await this.OpenPull();

        var merged = await this.Send(HttpMethod.Put, "pulls/1/merge", new JsonObject { ["merge_method"] = method });

        Assert.Equal(HttpStatusCode.OK, merged.Status);
        var commit = await this.Send(HttpMethod.Get, $"git/commits/{this.repository.Branch("main")}");
        Assert.Equal(parents, commit.Body["parents"]!.AsArray().Count);
    }

    [Fact]
    public async Task Conflicting_branches_are_not_mergeable()
    {
        await this.PushMain();
        await this.OpenPull();
        Git(this.Clone, "checkout", "--quiet", "main");
        this.Write("change.txt", "something else");
        Git(this.Clone, "push", "--quiet", "origin", "main");

        var pull = await this.Send(HttpMethod.Get, "pulls/1");
        var merged = await this.Send(HttpMethod.Put, "pulls/1/merge", []);

        Assert.False((bool)pull.Body["mergeable"]!);
        Assert.Equal((HttpStatusCode)405, merged.Status);
    }

    [Fact]
    public async Task Tokens_rights_and_bodies_are_refused_as_GitHub_refuses_them()
    {
        await this.PushMain();
        await this.OpenPull();
        var reader = this.forge.AddToken("github-actions[bot]", SimulatedToken.ReadOnly, isApp: true);

        var wrong = await this.Send(HttpMethod.Get, "pulls/1", token: "ghp_wrong");
        var denied = await this.Send(HttpMethod.Post, "issues/1/comments", new JsonObject { ["body"] = "x" }, reader);
        var anonymous = await this.Send(HttpMethod.Post, "issues/1/comments", new JsonObject { ["body"] = "x" }, token: "");
        var oversized = await this.Send(HttpMethod.Post, "issues/1/comments", new JsonObject { ["body"] = new string('x', 65_537) });
        var missing = await this.Send(HttpMethod.Post, "issues/1/comments", []);
        var unknown = await this.Send(HttpMethod.Get, "issues/99/comments");

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, (HttpStatusCode)422, (HttpStatusCode)422, HttpStatusCode.NotFound],
            new[] { wrong.Status, denied.Status, anonymous.Status, oversized.Status, missing.Status, unknown.Status });
        Assert.Equal("IssueComment", (string)oversized.Body["errors"]![0]!["resource"]!);
        Assert.Empty(this.forge.Comments("acme/energy-load"));
    }

    [Fact]
    public async Task Long_lists_come_in_pages_of_at_most_a_hundred_with_links()
    {
        await this.PushMain();
        await this.OpenPull();
        for (var i = 0; i < 250; i++)
            this.forge.AddComment("acme/energy-load", 1, "ada", $"comment {i}");

        var (status, body, headers) = await this.Send(HttpMethod.Get, "issues/1/comments?per_page=500&page=2");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(100, body.AsArray().Count);
        Assert.Equal("comment 100", (string)body[0]!["body"]!);
        var link = string.Join("", headers.GetValues("Link"));
        Assert.Contains("page=3>; rel=\"next\"", link, StringComparison.Ordinal);
        Assert.Contains("rel=\"prev\"", link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_hit_before_or_after_the_deed_and_all_is_recorded()
    {
        await this.PushMain();
        await this.OpenPull();
        this.forge.Faults.FailNext(1, 503, retryAfterSeconds: 2);
        var first = await this.Send(HttpMethod.Post, "issues/1/comments", new JsonObject { ["body"] = "x" });
        this.forge.Faults.LoseAnswersOfNext(1, "POST");
        var second = await this.Send(HttpMethod.Post, "issues/1/comments", new JsonObject { ["body"] = "y" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.Status);
        Assert.Equal("2", string.Join("", first.Headers.GetValues("Retry-After")));
        Assert.Equal(HttpStatusCode.BadGateway, second.Status);
        Assert.Equal("y", Assert.Single(this.forge.Comments("acme/energy-load")).Body);
        var last = this.forge.Requests[^1];
        Assert.Equal(("POST", "ada", 502), (last.Method, last.Identity, last.Status));
    }

    [Fact]
    public async Task Raw_addresses_serve_the_bytes_of_a_commit()
    {
        await this.PushMain();
        using var http = new HttpClient();

        var text = await http.GetStringAsync(new Uri(this.forge.ServerUrl, $"acme/energy-load/raw/{this.repository.Branch("main")}/a.txt"));

        Assert.Equal("a", text);
    }

    private static string Git(string folder, params string[] arguments)
    {
        var outcome = TryGit(folder, arguments);
        return outcome.ExitCode == 0 ? outcome.Text : throw new InvalidOperationException(outcome.Error);
    }

    private static GitProcess.Outcome TryGit(string folder, params string[] arguments) => GitProcess.Try(
        folder, null, new Dictionary<string, string>
        {
            ["GIT_TERMINAL_PROMPT"] = "0", ["GIT_AUTHOR_NAME"] = "Ada", ["GIT_AUTHOR_EMAIL"] = "ada@example.org",
            ["GIT_COMMITTER_NAME"] = "Ada", ["GIT_COMMITTER_EMAIL"] = "ada@example.org",
        }, arguments);

    private string Url(string token) => this.forge.GitUrl("acme/energy-load").Replace("http://", $"http://x-access-token:{token}@", StringComparison.Ordinal);

    private void Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(this.Clone, name), text);
        Git(this.Clone, "add", "-A");
        Git(this.Clone, "commit", "--quiet", "-m", name);
    }

    private Task PushMain()
    {
        Directory.CreateDirectory(this.Clone);
        Git(this.Clone, "init", "--quiet", "--initial-branch=main");
        Git(this.Clone, "remote", "add", "origin", this.Url(this.person));
        this.Write("a.txt", "a");
        Git(this.Clone, "push", "--quiet", "origin", "main");
        return Task.CompletedTask;
    }

    private async Task<JsonNode> OpenPull()
    {
        Git(this.Clone, "checkout", "--quiet", "-b", "change");
        this.Write("change.txt", "changed");
        Git(this.Clone, "push", "--quiet", "origin", "change");
        var opened = await this.Send(HttpMethod.Post, "pulls", new JsonObject { ["title"] = "A change", ["head"] = "change", ["base"] = "main" });
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        return opened.Body;
    }

    private async Task<(HttpStatusCode Status, JsonNode Body, HttpResponseHeaders Headers)> Send(HttpMethod method, string path, JsonObject? body = null, string? token = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri($"{this.forge.ApiUrl}/repos/acme/energy-load/{path}"));
        request.Headers.UserAgent.ParseAdd("tests");
        if (token != "")
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? this.person);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text)! : new JsonObject(), answer.Headers);
    }
}
