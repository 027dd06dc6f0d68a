using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Forges.GitHub;
using Ci.Testing.Forge;

namespace Ci.Forges.Tests;

/// <summary>All that we say to GitHub, and all that the simulator answers, through a proxy that holds both to GitHub's own description.</summary>
public sealed class OpenApiTests(ValidatedForge world) : IClassFixture<ValidatedForge>
{
    private readonly ForgeFixture fixture = world.Forge;
    private readonly ValidatingProxy proxy = world.Proxy;

    [Fact]
    public async Task Every_request_and_every_answer_is_as_GitHub_describes_it()
    {
        using var forge = this.Open(this.fixture.Forge.JobToken);
        using var person = this.Open(this.fixture.Forge.AddToken("ada"));
        var head = this.fixture.HeadSha;

        await PullRequestsAsync(person);
        await CommentsAsync(forge, head);
        await CommentsAsync(person, head);
        await ChecksAsync(forge, person, head);
        await AssetsAsync(forge);
        this.fixture.Forge.AddRun(ForgeFixture.Slug, 77);
        await forge.Dispatch!.SendAsync("retrain", new JsonObject { ["model"] = "energy-load" });
        await forge.Dispatch.RerunAsync(77);
        await forge.Dispatch.RerunAsync(77, failedOnly: true);
        var merged = await person.PullRequests.MergeAsync(1, MergeMethod.Squash, head);
        Assert.Single(await person.PullRequests.FindForCommitAsync(merged.MergeCommitSha!));

        // What was refused on purpose above is all that did not succeed.
        var failed = this.fixture.Forge.Requests.Where(r => r.Status >= 400).Select(r => r.Status).Distinct().Order();
        Assert.All(failed, status => Assert.Contains(status, new[] { 403, 404, 422 }));
    }

    [Fact]
    public async Task Refusals_are_as_GitHub_describes_them()
    {
        using var reader = this.Open(this.fixture.Forge.AddToken("github-actions[bot]", SimulatedToken.ReadOnly, isApp: true));

        await Assert.ThrowsAsync<ForgeNotFoundException>(() => reader.PullRequests.GetAsync(99));
        await Assert.ThrowsAsync<ForgeRefusedException>(() => reader.Checks.PutAsync(Check(this.fixture.HeadSha, [])));
        await Assert.ThrowsAsync<ForgeRefusedException>(() => reader.Assets!.PublishAsync("pull/1", "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml"));
    }

    [Theory]
    [InlineData("""{"body":7}""")]
    [InlineData("""{"text":"x"}""")]
    public async Task The_proxy_is_strict(string body)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", this.fixture.Forge.JobToken);
        http.DefaultRequestHeaders.UserAgent.ParseAdd("test");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync(new Uri(this.proxy.ApiUrl, $"repos/{ForgeFixture.Slug}/issues/1/comments"), content);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("stoplight.io/prism", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(this.fixture.Forge.Requests, r => r.Path.Contains("issues/1/comments", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(GitHubThread.Query)]
    [InlineData(GitHubComments.WhoQuery)]
    public void Every_query_is_valid_in_GitHubs_schema(string query) => ValidatingProxy.Run("graphql.mjs", query);

    [Fact]
    public void A_query_that_GitHub_would_not_understand_is_found_out() =>
        Assert.Contains(
            "nickname", Assert.Throws<InvalidOperationException>(() => ValidatingProxy.Run("graphql.mjs", "query { viewer { nickname } }")).Message,
            StringComparison.Ordinal);

    private static async Task PullRequestsAsync(IForge forge)
    {
        var pull = await forge.PullRequests.OpenAsync("A change", "why", "change", "main");
        await forge.PullRequests.OpenAsync("A change", "why", "change", "main");
        await forge.PullRequests.UpdateAsync(pull.Number, "Another title", "because");
        Assert.Equal("Another title", (await forge.PullRequests.GetAsync(pull.Number)).Title);
        Assert.Single(await forge.PullRequests.FindOpenAsync(@base: "main"));
        Assert.Empty(await forge.Reviews!.ListAsync(pull.Number));
    }

    private static async Task CommentsAsync(IForge forge, string head)
    {
        foreach (var target in new[] { CommentTarget.OfPullRequest(1), CommentTarget.OfCommit(head) })
        {
            await StickyComment.PutAsync(forge.Comments, target, "energy", "one", new StickyStamp(head, 1));
            var outcome = await StickyComment.PutAsync(forge.Comments, target, "energy", "two", new StickyStamp(head, 2));
            Assert.Equal(StickyAction.Updated, outcome.Action);
            var plain = await PlainComment.PostAsync(forge.Comments, target, "plain");
            await forge.Comments.DeleteAsync((await forge.Comments.ListAsync(target)).Single(c => c.Id == plain.Id));
        }
    }

    private static async Task ChecksAsync(IForge forge, IForge person, string head)
    {
        var notes = Enumerable.Range(1, 120).Select(i => new CheckAnnotation("gates.yaml", i, CheckAnnotationLevel.Failure, $"gate {i}", "RMSE regressed")).ToArray();
        await forge.Checks.PutAsync(Check(head, []) with { Status = CheckStatus.InProgress, Conclusion = null });
        Assert.Equal("check-run", (await forge.Checks.PutAsync(Check(head, notes))).Kind);
        Assert.Equal("commit-status", (await person.Checks.PutAsync(Check(head, []) with { Name = "other" })).Kind);
        Assert.Equal(2, (await forge.Checks.ListAsync(head)).Count);
    }

    private static async Task AssetsAsync(IForge forge)
    {
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0];
        await forge.Assets!.PublishAsync("pull/1", [new Asset("a.svg", "<svg/>"u8.ToArray(), "image/svg+xml"), new Asset("b.png", png, "image/png")]);
        await forge.Assets.PublishAsync("pull/1", "c.svg", "<svg>c</svg>"u8.ToArray(), "image/svg+xml");
        await forge.Assets.PublishAsync("commits", "c.svg", "<svg>c</svg>"u8.ToArray(), "image/svg+xml");
        Assert.Equal(1, await forge.Assets.PruneAsync("pull/1"));
        Assert.Equal(0, await forge.Assets.PruneAsync("pull/1"));
    }

    private static CheckRun Check(string sha, CheckAnnotation[] notes) => new()
    {
        Name = "mlops/verdict", HeadSha = sha, Status = CheckStatus.Completed, Conclusion = CheckConclusion.Failure, Title = "regress",
        Summary = "| gate |\n| --- |\n", DetailsUrl = new Uri("https://forge.example/run/1"), Annotations = notes,
    };

    private IForge Open(string token) => ForgeProviders.Open(
        new ForgeAddress { Vendor = "github", ApiUrl = this.proxy.ApiUrl, ServerUrl = this.fixture.Forge.ServerUrl, Repository = ForgeFixture.Slug, Token = token },
        new ForgeOptions { Attempts = 1, Deadline = TimeSpan.FromSeconds(20) });
}
