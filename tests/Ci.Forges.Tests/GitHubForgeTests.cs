using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Testing.Forge;

namespace Ci.Forges.Tests;

public sealed class GitHubForgeTests
{
    private const string Scope = "pull/1";

    [Fact]
    public async Task Opening_a_pull_request_twice_gives_the_same_one_even_if_the_first_answer_was_lost()
    {
        await using var fixture = await ForgeFixture.StartAsync(withPull: false);
        using var forge = fixture.Open();
        fixture.Forge.Faults.LoseAnswersOfNext(1, "POST");

        var first = await forge.PullRequests.OpenAsync("A change", "why", "change", "main");
        var second = await forge.PullRequests.OpenAsync("A change", "why", "change", "main");

        Assert.Equal((1, 1), (first.Number, second.Number));
        Assert.Equal((PullRequestState.Open, "change", "main", false), (second.State, second.HeadBranch, second.BaseBranch, second.IsFork));
        Assert.Equal(fixture.HeadSha, second.HeadSha);
        Assert.Single(await forge.PullRequests.FindOpenAsync("change"));
        Assert.Empty(await forge.PullRequests.FindOpenAsync("other"));
    }

    [Fact]
    public async Task Merging_waits_for_the_required_check_and_is_idempotent_after_it()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        fixture.Repository.Protect("main", "mlops/verdict");
        var head = fixture.HeadSha;

        var refused = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head));
        var receipt = await forge.Checks.PutAsync(Check(head, CheckConclusion.Success));
        var moved = await Assert.ThrowsAsync<ForgeConflictException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, new string('a', 40)));
        fixture.Forge.Faults.LoseAnswersOfNext(1, "PUT");
        var merged = await forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head);
        var again = await forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head);

        Assert.Contains("mlops/verdict", refused.Message, StringComparison.Ordinal);
        Assert.Contains(head, moved.Message, StringComparison.Ordinal);
        Assert.Equal("check-run", receipt.Kind);
        Assert.Equal((PullRequestState.Merged, fixture.Repository.Branch("main")), (merged.State, merged.MergeCommitSha));
        Assert.Equal(merged, again);
        Assert.Equal(1, Assert.Single(await forge.PullRequests.FindForCommitAsync(merged.MergeCommitSha!)).Number);
    }

    [Fact]
    public async Task Conflicting_branches_are_a_conflict_not_a_refusal()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        fixture.Repository.CommitFiles("main", "Collide", ("b.txt", "other"));

        await Assert.ThrowsAsync<ForgeConflictException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, fixture.HeadSha));
    }

    [Fact]
    public async Task A_check_is_updated_in_place_and_listed_once()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        var head = fixture.HeadSha;

        var running = await forge.Checks.PutAsync(Check(head, null));
        var done = await forge.Checks.PutAsync(Check(head, CheckConclusion.Failure));

        Assert.Equal(running.Id, done.Id);
        var listed = Assert.Single(await forge.Checks.ListAsync(head));
        Assert.Equal((CheckStatus.Completed, CheckConclusion.Failure, "mlops/verdict"), (listed.Status, listed.Conclusion!.Value, listed.Name));
    }

    [Fact]
    public async Task A_persons_token_sets_a_commit_status_instead_of_a_check_run()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open(fixture.Forge.AddToken("ada"));
        fixture.Repository.Protect("main", "mlops/verdict");

        var receipt = await forge.Checks.PutAsync(Check(fixture.HeadSha, CheckConclusion.Success));
        var merged = await forge.PullRequests.MergeAsync(1, MergeMethod.Squash, fixture.HeadSha);

        Assert.Equal("commit-status", receipt.Kind);
        Assert.Equal(PullRequestState.Merged, merged.State);
    }

    [Fact]
    public async Task Published_files_serve_their_bytes_and_the_same_bytes_are_stored_once()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        var svg = Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><text>µ ✓</text></svg>\n");
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 1, 2, 255];

        var first = await forge.Assets!.PublishAsync(Scope, [new Asset("figures/a.svg", svg, "image/svg+xml"), new Asset("b.png", png, "image/png")]);
        var writes = fixture.Forge.Requests.Count(r => r.Method == "POST");
        var second = await forge.Assets.PublishAsync(Scope, "elsewhere.svg", svg, "image/svg+xml");

        using var http = new HttpClient();
        Assert.Equal(svg, await http.GetByteArrayAsync(first["figures/a.svg"]));
        Assert.Equal(png, await http.GetByteArrayAsync(first["b.png"]));
        Assert.Equal(first["figures/a.svg"], second);
        Assert.Equal(writes, fixture.Forge.Requests.Count(r => r.Method == "POST"));
        Assert.NotNull(fixture.Repository.Resolve("refs/mlops/assets/pull/1"));
    }

    [Fact]
    public async Task Three_hundred_figures_are_published_with_few_calls_at_a_realistic_distance()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open(options: new ForgeOptions { Deadline = TimeSpan.FromSeconds(30) });
        fixture.Forge.Faults.Delay = TimeSpan.FromMilliseconds(150);
        var noise = new string('x', 20_000);
        var figures = Enumerable.Range(0, 300).Select(i => new Asset($"figures/{i}.svg", Encoding.UTF8.GetBytes($"<svg><!-- {i} {noise} --></svg>"), "image/svg+xml")).ToList();
        var before = fixture.Forge.Requests.Count;
        var watch = Stopwatch.StartNew();

        var addresses = await forge.Assets!.PublishAsync(Scope, figures);

        Assert.Equal(300, addresses.Count);
        Assert.InRange(fixture.Forge.Requests.Count - before, 1, 6);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"took {watch.Elapsed}");
        using var http = new HttpClient();
        Assert.Equal(figures[299].Content.ToArray(), await http.GetByteArrayAsync(addresses["figures/299.svg"]));
    }

    [Fact]
    public async Task Of_three_hundred_pictures_that_are_no_text_as_many_are_published_as_a_minute_allows()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        fixture.Forge.Faults.Delay = TimeSpan.FromMilliseconds(150);
        var figures = Enumerable.Range(0, 300).Select(i => new Asset($"{i}.png", new byte[] { 0x89, 0, (byte)i, (byte)(i >> 8) }, "image/png")).ToList();
        var watch = Stopwatch.StartNew();

        var addresses = await forge.Assets!.PublishAsync(Scope, figures);

        Assert.Equal(60, addresses.Count);
        Assert.InRange(fixture.Forge.Requests.Count(r => r.Method == "POST"), 60, 80);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task Annotations_beyond_fifty_follow_and_a_second_check_does_not_double_them()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        var notes = Enumerable.Range(1, 120).Select(i => new CheckAnnotation("gates.yaml", i, CheckAnnotationLevel.Failure, $"gate {i}", "worse")).ToArray();
        var check = Check(fixture.HeadSha, CheckConclusion.Failure) with { Annotations = notes };
        fixture.Forge.Faults.LoseAnswersOfNext(2, "PATCH");

        await forge.Checks.PutAsync(Check(fixture.HeadSha, null));
        var first = await forge.Checks.PutAsync(check);
        var again = await forge.Checks.PutAsync(check);
        await forge.Checks.PutAsync(check with { Title = "other" });

        Assert.Equal(first.Id, again.Id);
        Assert.Equal([120, 120], fixture.Forge.Checks(ForgeFixture.Slug).Select(c => c.Annotations.Count));
        Assert.Equal("other", Assert.Single(await forge.Checks.ListAsync(fixture.HeadSha)).Title);
    }

    [Fact]
    public async Task Pruning_takes_a_pull_requests_files_alone_and_twice_is_once()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        var assets = forge.Assets!;
        await assets.PublishAsync(Scope, "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml");
        await assets.PublishAsync(AssetScope.Commits, "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml");

        Assert.Equal((1, 0), (await assets.PruneAsync(Scope), await assets.PruneAsync(Scope)));
        Assert.Null(fixture.Repository.Resolve("refs/mlops/assets/pull/1"));
        Assert.NotNull(fixture.Repository.Resolve("refs/mlops/assets/commits"));
    }

    [Theory]
    [InlineData("pull/01")]
    [InlineData("pull/1/../../heads/main")]
    [InlineData("heads/main")]
    [InlineData("")]
    public async Task A_scope_that_could_name_another_ref_is_refused(string scope)
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();

        await Assert.ThrowsAsync<ForgeException>(() => forge.Assets!.PruneAsync(scope));
        Assert.DoesNotContain(fixture.Forge.Requests, r => r.Method == "DELETE");
    }

    [Fact]
    public async Task All_failures_of_one_client_share_one_deadline()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open(options: new ForgeOptions { FirstPause = TimeSpan.FromMilliseconds(100), Deadline = TimeSpan.FromSeconds(1) });
        fixture.Forge.Faults.FailNext(1000);
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<ForgeUnavailableException>(() => forge.PullRequests.GetAsync(1));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("https://elsewhere.example/steal")]
    [InlineData("//elsewhere.example/steal")]
    public async Task An_answer_that_points_to_another_host_is_not_followed(string place)
    {
        var handler = new Redirects(place);
        using var forge = ForgeProviders.Open(
            new ForgeAddress { Vendor = "github", ApiUrl = new Uri("https://api.forge.example"), Repository = ForgeFixture.Slug, Token = "secret" }, new ForgeOptions(), handler);

        var error = await Assert.ThrowsAsync<ForgeException>(() => forge.PullRequests.GetAsync(1));

        Assert.Contains("elsewhere.example", error.Message, StringComparison.Ordinal);
        Assert.Equal(["api.forge.example"], handler.Hosts);
    }

    private sealed class Redirects(string place) : HttpMessageHandler
    {
        public List<string> Hosts { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            this.Hosts.Add(request.RequestUri!.Host);
            var answer = new HttpResponseMessage(System.Net.HttpStatusCode.MovedPermanently) { RequestMessage = request };
            answer.Headers.TryAddWithoutValidation("Location", place);
            return Task.FromResult(answer);
        }
    }

    [Fact]
    public async Task Jobs_that_publish_at_once_all_succeed()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var http = new HttpClient();

        var addresses = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var forge = fixture.Open();
            return await forge.Assets!.PublishAsync(Scope, $"{i}.svg", Encoding.UTF8.GetBytes($"<svg>{i}</svg>"), "image/svg+xml");
        }));

        for (var i = 0; i < addresses.Length; i++)
            Assert.Equal($"<svg>{i}</svg>", await http.GetStringAsync(addresses[i]));
    }

    [Fact]
    public async Task Approvals_count_by_each_persons_latest_word()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        var pull = fixture.Forge.Pulls(ForgeFixture.Slug)[0];
        pull.Reviews.Add(new SimulatedReview(1, "eve", "CHANGES_REQUESTED", pull.HeadSha, DateTimeOffset.UnixEpoch));
        pull.Reviews.Add(new SimulatedReview(2, "eve", "APPROVED", pull.HeadSha, DateTimeOffset.UnixEpoch.AddHours(1)));
        pull.Reviews.Add(new SimulatedReview(3, "eve", "COMMENTED", pull.HeadSha, DateTimeOffset.UnixEpoch.AddHours(2)));

        var review = Assert.Single(await forge.Reviews!.ListAsync(1));

        Assert.Equal(new Review("eve", ReviewState.Approved, pull.HeadSha, DateTimeOffset.UnixEpoch.AddHours(1)), review);
    }

    [Fact]
    public async Task Events_and_reruns_reach_the_forge()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        fixture.Forge.AddRun(ForgeFixture.Slug, 77);

        await forge.Dispatch!.SendAsync("retrain", new JsonObject { ["model"] = "energy-load" });
        await forge.Dispatch.RerunAsync(77, failedOnly: true);

        Assert.Equal([("retrain", """{"model":"energy-load"}""")], fixture.Forge.Dispatches(ForgeFixture.Slug));
        Assert.Equal([(77L, true)], fixture.Forge.Reruns(ForgeFixture.Slug));
        await Assert.ThrowsAsync<ForgeNotFoundException>(() => forge.Dispatch.RerunAsync(78));
    }

    [Fact]
    public async Task A_token_without_rights_is_told_the_missing_permission()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open(fixture.Forge.AddToken("github-actions[bot]", SimulatedToken.ReadOnly, isApp: true));

        var comment = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Comments.CreateAsync(1, "x"));
        var check = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Checks.PutAsync(Check(fixture.HeadSha, CheckConclusion.Success)));

        Assert.Equal("issues: write or pull-requests: write", comment.MissingPermission);
        Assert.Contains("checks: write", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_without_being_shown()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open("ghp_secret");

        var refused = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.GetAsync(1));

        Assert.Contains("MLOPS_TOKEN", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_survive_bad_gateways_and_obey_retry_after()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        fixture.Forge.Faults.FailNext(2);
        fixture.Forge.Faults.FailNext(1, 429, retryAfterSeconds: 1);
        var watch = Stopwatch.StartNew();

        var pull = await forge.PullRequests.GetAsync(1);

        Assert.Equal(1, pull.Number);
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(950), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_pause_beyond_the_deadline_ends_at_once()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        fixture.Forge.Faults.FailNext(1, 429, retryAfterSeconds: 3600);

        await Assert.ThrowsAsync<ForgeUnavailableException>(() => forge.PullRequests.GetAsync(1)).WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_unreachable_forge_is_named()
    {
        using var forge = ForgeProviders.Open(
            new ForgeAddress { Vendor = "github", ApiUrl = new Uri("http://127.0.0.1:9/api/v3"), Repository = "acme/m" },
            new ForgeOptions { Attempts = 2, FirstPause = TimeSpan.FromMilliseconds(1) });

        var error = await Assert.ThrowsAsync<ForgeUnavailableException>(() => forge.PullRequests.GetAsync(1));

        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gitea", "acme/m")]
    [InlineData("gitlab", "m")]
    [InlineData("gitlab", "a//m")]
    [InlineData("github", "m")]
    public void An_address_that_cannot_work_says_so_before_anything_is_sent(string vendor, string repository) =>
        Assert.Throws<ForgeException>(() => ForgeProviders.Open(
            new ForgeAddress { Vendor = vendor, ApiUrl = new Uri("http://127.0.0.1:9"), Repository = repository }));

    [Fact]
    public async Task Every_request_bears_the_version_and_asks_for_whole_pages()
    {
        await using var fixture = await ForgeFixture.StartAsync();
        using var forge = fixture.Open();
        await StickyComment.PutAsync(forge.Comments, 1, "k", "x", new StickyStamp("a1", 1));
        await forge.Checks.PutAsync(Check(fixture.HeadSha, CheckConclusion.Neutral));
        await forge.Assets!.PublishAsync(Scope, "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml");

        Assert.All(fixture.Forge.Requests, request =>
        {
            Assert.Equal("2022-11-28", request.Headers["X-GitHub-Api-Version"]);
            Assert.Equal("application/vnd.github+json", request.Headers["Accept"]);
            Assert.Equal("mlops-action", request.Headers["User-Agent"]);
            if (request.Body.Length > 0)
                Assert.IsType<JsonObject>(JsonNode.Parse(request.Body));
            if (request.Method == "GET" && (request.Path.EndsWith("comments", StringComparison.Ordinal) || request.Path.Contains("check-runs", StringComparison.Ordinal)))
                Assert.Contains("per_page=100", request.Path, StringComparison.Ordinal);
        });
        var check = JsonNode.Parse(fixture.Forge.Requests.Single(r => r.Method == "POST" && r.Path.EndsWith("check-runs", StringComparison.Ordinal)).Body)!.AsObject();
        Assert.Equal(["conclusion", "external_id", "head_sha", "name", "output", "status"], check.Select(p => p.Key).Order(StringComparer.Ordinal));
    }

    private static CheckRun Check(string sha, CheckConclusion? conclusion) => new()
    {
        Name = "mlops/verdict",
        HeadSha = sha,
        Status = conclusion is null ? CheckStatus.InProgress : CheckStatus.Completed,
        Conclusion = conclusion,
        Title = "better",
        Summary = "| gate | outcome |\n| --- | --- |\n",
    };
}
