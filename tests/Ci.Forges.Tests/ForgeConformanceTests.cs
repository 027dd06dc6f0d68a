using System.Diagnostics;

namespace Ci.Forges.Tests;

/// <summary>Pull requests, checks, reviews and assets, on every forge that we speak to.</summary>
public abstract class ForgeConformanceTests(string vendor)
{
    [Fact]
    public async Task Opening_a_pull_request_twice_gives_the_same_one_even_if_the_first_answer_was_lost()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor, withPull: false);
        using var forge = fixture.Open();
        fixture.Forge.Faults.LoseAnswersOfNext(1, "POST");

        var first = await forge.PullRequests.OpenAsync("A change", "why", "change", "main");
        var second = await forge.PullRequests.OpenAsync("A change", "why", "change", "main");

        Assert.Equal((1, 1), (first.Number, second.Number));
        Assert.Equal((PullRequestState.Open, "change", "main", false), (second.State, second.HeadBranch, second.BaseBranch, second.IsFork));
        Assert.Equal((fixture.HeadSha, "A change", "why", fixture.Forge.JobLogin), (second.HeadSha, second.Title, second.Body, second.Author));
        Assert.Single(await forge.PullRequests.FindOpenAsync("change"));
        Assert.Single(await forge.PullRequests.FindOpenAsync(@base: "main"));
        Assert.Empty(await forge.PullRequests.FindOpenAsync("other"));
    }

    [Fact]
    public async Task Merging_waits_for_the_required_check_and_is_idempotent_after_it()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Repository.Protect("main", "mlops/verdict");
        var head = fixture.HeadSha;

        await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head));
        await forge.Checks.PutAsync(Check(head, null));
        await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head));
        await forge.Checks.PutAsync(Check(head, CheckConclusion.Success));
        var moved = await Assert.ThrowsAsync<ForgeConflictException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, new string('a', 40)));
        fixture.Forge.Faults.LoseAnswersOfNext(1, "PUT");
        var merged = await forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head);
        var again = await forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head);

        Assert.Contains(head, moved.Message, StringComparison.Ordinal);
        Assert.Equal((PullRequestState.Merged, fixture.Repository.Branch("main")), (merged.State, merged.MergeCommitSha));
        Assert.Equal(merged, again);
        Assert.Equal(1, Assert.Single(await forge.PullRequests.FindForCommitAsync(merged.MergeCommitSha!)).Number);
    }

    [Fact]
    public async Task A_squash_leaves_one_commit_and_says_which()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Repository.CommitFiles("main", "Meanwhile", ("c.txt", "c"));

        var merged = await forge.PullRequests.MergeAsync(1, MergeMethod.Squash, fixture.HeadSha);

        Assert.Equal(fixture.Repository.Branch("main"), merged.MergeCommitSha);
        Assert.NotEqual(fixture.HeadSha, merged.MergeCommitSha);
    }

    [Fact]
    public async Task Conflicting_branches_are_a_conflict_not_a_refusal()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Repository.CommitFiles("main", "Collide", ("b.txt", "other"));

        await Assert.ThrowsAsync<ForgeConflictException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, fixture.HeadSha));
    }

    [Fact]
    public async Task A_pull_request_is_changed_and_closed_twice_without_harm()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();

        var changed = await forge.PullRequests.UpdateAsync(1, "Another title", "more");
        await forge.PullRequests.UpdateAsync(1);
        await forge.PullRequests.CloseAsync(1);
        await forge.PullRequests.CloseAsync(1);

        Assert.Equal(("Another title", "more"), (changed.Title, changed.Body));
        Assert.Equal(PullRequestState.Closed, (await forge.PullRequests.GetAsync(1)).State);
        Assert.Empty(await forge.PullRequests.FindOpenAsync());
    }

    [Fact]
    public async Task A_check_is_updated_in_place_and_listed_once()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        var head = fixture.HeadSha;

        var running = await forge.Checks.PutAsync(Check(head, null));
        var repeated = await forge.Checks.PutAsync(Check(head, null));
        var done = await forge.Checks.PutAsync(Check(head, CheckConclusion.Failure));
        await forge.Checks.PutAsync(Check(head, CheckConclusion.Failure));

        Assert.Equal((running.Id, running.Id), (repeated.Id, done.Id));
        var listed = Assert.Single(await forge.Checks.ListAsync(head));
        Assert.Equal((CheckStatus.Completed, CheckConclusion.Failure, "mlops/verdict"), (listed.Status, listed.Conclusion!.Value, listed.Name));
    }

    [Fact]
    public async Task A_check_whose_answers_are_lost_is_there_once()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Forge.Faults.LoseAnswersOfNext(1, "POST");
        await forge.Checks.PutAsync(Check(fixture.HeadSha, null));

        Assert.Equal(CheckStatus.InProgress, Assert.Single(await forge.Checks.ListAsync(fixture.HeadSha)).Status);
    }

    [Theory]
    [InlineData(CheckConclusion.Success, true)]
    [InlineData(CheckConclusion.Neutral, true)]
    [InlineData(CheckConclusion.Skipped, true)]
    [InlineData(CheckConclusion.Failure, false)]
    [InlineData(CheckConclusion.Cancelled, false)]
    [InlineData(CheckConclusion.TimedOut, false)]
    [InlineData(CheckConclusion.ActionRequired, false)]
    public async Task Only_what_may_pass_lets_a_merge_through(CheckConclusion conclusion, bool passes)
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Repository.Protect("main", "mlops/verdict");
        await forge.Checks.PutAsync(Check(fixture.HeadSha, conclusion));

        if (passes)
            Assert.Equal(PullRequestState.Merged, (await forge.PullRequests.MergeAsync(1, MergeMethod.Merge, fixture.HeadSha)).State);
        else
            await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, fixture.HeadSha));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Published_files_serve_their_bytes_and_are_found_again_once_a_comment_shows_them(bool isPrivate)
    {
        await using var fixture = await VendorFixture.StartAsync(vendor, isPrivate: isPrivate);
        using var forge = fixture.Open();
        var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>µ ✓</text></svg>\n"u8.ToArray();
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 1, 2, 255, 13, 10];

        var first = await forge.Assets!.PublishAsync("pull/1", [new Asset("figures/a.svg", svg, "image/svg+xml"), new Asset("b.png", png, "image/png"), new Asset("twin.svg", svg, "image/svg+xml")]);
        await forge.Comments.CreateAsync(1, $"![a]({first["figures/a.svg"]}) <img src=\"{first["b.png"]}\">");
        var writes = fixture.Writes;
        var second = await forge.Assets.PublishAsync("pull/1", "elsewhere.svg", svg, "image/svg+xml");

        Assert.Equal(svg, await fixture.DownloadAsync(first["figures/a.svg"]));
        Assert.Equal(png, await fixture.DownloadAsync(first["b.png"]));
        Assert.Equal((first["figures/a.svg"], first["figures/a.svg"]), (second, first["twin.svg"]));
        Assert.Equal(writes, fixture.Writes);
    }

    [Fact]
    public async Task Pruning_removes_what_was_published_for_a_pull_request_and_nothing_else()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        await forge.Assets!.PublishAsync("pull/1", [new Asset("a.svg", "<svg>a</svg>"u8.ToArray(), "image/svg+xml"), new Asset("b.svg", "<svg>b</svg>"u8.ToArray(), "image/svg+xml")]);
        var other = await forge.Assets.PublishAsync("pull/12", "a.svg", "<svg>a</svg>"u8.ToArray(), "image/svg+xml");
        var commits = await forge.Assets.PublishAsync("commits", "a.svg", "<svg>a</svg>"u8.ToArray(), "image/svg+xml");

        Assert.InRange(await forge.Assets.PruneAsync("pull/1"), 1, 2);
        Assert.Equal(0, await forge.Assets.PruneAsync("pull/1"));
        Assert.Equal("<svg>a</svg>"u8.ToArray(), await fixture.DownloadAsync(other));
        Assert.Equal("<svg>a</svg>"u8.ToArray(), await fixture.DownloadAsync(commits));
        await Assert.ThrowsAsync<ForgeException>(() => forge.Assets.PruneAsync("pull/../main"));
    }

    [Fact]
    public async Task Jobs_that_publish_at_once_all_succeed()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);

        var addresses = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var forge = fixture.Open();
            return await forge.Assets!.PublishAsync("commits", $"{i}.svg", System.Text.Encoding.UTF8.GetBytes($"<svg>{i}</svg>"), "image/svg+xml");
        }));

        for (var i = 0; i < addresses.Length; i++)
            Assert.Equal($"<svg>{i}</svg>", System.Text.Encoding.UTF8.GetString(await fixture.DownloadAsync(addresses[i])));
    }

    [Fact]
    public async Task An_approval_is_one_of_the_head_that_stood_there()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        var old = fixture.HeadSha;
        fixture.Forge.Approve(fixture.Slug, 1, "eve");

        var before = Assert.Single(await forge.Reviews!.ListAsync(1));
        fixture.Repository.CommitFiles("change", "More", ("c.txt", "c"));
        var after = Assert.Single(await forge.Reviews.ListAsync(1));
        fixture.Forge.Approve(fixture.Slug, 1, "eve");
        var again = Assert.Single(await forge.Reviews.ListAsync(1));

        Assert.Equal(("eve", ReviewState.Approved, old), (before.Author, before.State, before.CommitSha));
        Assert.Equal(old, after.CommitSha);
        Assert.Equal(fixture.HeadSha, again.CommitSha);
    }

    [Fact]
    public async Task A_token_without_rights_is_told_what_is_missing_and_never_shown()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        var reader = fixture.Forge.AddReader("eve");
        using var forge = fixture.Open(reader);

        var refusals = new[]
        {
            await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Comments.CreateAsync(1, "x")),
            await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.UpdateAsync(1, "x")),
            await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Assets!.PublishAsync("pull/1", "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml")),
            await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Checks.PutAsync(Check(fixture.HeadSha, CheckConclusion.Success))),
        };

        Assert.All(refusals, r =>
        {
            Assert.Contains("MLOPS_TOKEN", r.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(reader, r.Message, StringComparison.Ordinal);
        });
        Assert.Contains(vendor == "github" ? "pull-requests: write" : "the scope api", refusals[0].MissingPermission, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_without_being_shown()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open("glpat-secret");

        var refused = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.GetAsync(1));

        Assert.Contains("MLOPS_TOKEN", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_survive_bad_gateways_and_obey_retry_after()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Forge.Faults.FailNext(2);
        fixture.Forge.Faults.FailNext(1, 429, retryAfterSeconds: 1);
        var watch = Stopwatch.StartNew();

        var pull = await forge.PullRequests.GetAsync(1);

        Assert.Equal(1, pull.Number);
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(950), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_not_found()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = ForgeProviders.Open(new ForgeAddress { Vendor = vendor, ApiUrl = fixture.Forge.ApiUrl, Repository = "acme/nothing", Token = fixture.Forge.JobToken });

        await Assert.ThrowsAsync<ForgeNotFoundException>(() => forge.PullRequests.GetAsync(1));
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

public sealed class GitHubConformanceTests() : ForgeConformanceTests("github");

public sealed class GitLabConformanceTests() : ForgeConformanceTests("gitlab");
