using System.Net;
using System.Text.Json.Nodes;
using Ci.Testing.Forge;

namespace Ci.Forges.Tests;

/// <summary>What only GitLab has: kinds of tokens, settings that decide how it merges, approvals without a commit, statuses in pipelines, uploads.</summary>
public sealed class GitLabForgeTests
{
    [Fact]
    public async Task Each_kind_of_token_goes_into_its_own_header()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab", isPrivate: true);
        var gitlab = (GitLabSimulator)fixture.Forge;

        foreach (var (token, login) in new[] { (gitlab.JobToken, gitlab.JobLogin), (gitlab.AddOAuthToken("eve", GitLabRole.Developer), "eve"), (gitlab.AddJobToken("ada"), "ada") })
        {
            using var forge = fixture.Open(token);
            Assert.Equal(1, (await forge.PullRequests.GetAsync(1)).Number);
            Assert.Equal(login, await forge.Comments.SelfAsync());
        }
    }

    [Fact]
    public async Task A_job_token_reads_comments_and_says_what_it_may_not_do()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        var token = ((GitLabSimulator)fixture.Forge).AddJobToken();
        using var forge = fixture.Open(token);
        fixture.Forge.AddComment(fixture.Slug, 1, "eve", "hello");

        Assert.Single(await forge.Comments.ListAsync(1));
        var refused = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Comments.CreateAsync(1, "x"));
        var check = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Checks.PutAsync(Check(fixture.HeadSha)));

        Assert.Contains("CI_JOB_TOKEN may only read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("project access token with the scope api in MLOPS_TOKEN", check.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, refused.Message + check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_GitLab_would_carry_out_stays_text()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var forge = fixture.Open();

        await forge.Comments.CreateAsync(1, "Result\n/close\n  /merge\n```\n/usr/bin/x\n```\na/b // c\n");

        Assert.Equal(PullRequestState.Open, (await forge.PullRequests.GetAsync(1)).State);
        Assert.Equal("Result\n\\/close\n  \\/merge\n```\n/usr/bin/x\n```\na/b // c\n", Assert.Single(fixture.Comments).Body);
    }

    [Fact]
    public async Task A_developer_may_not_touch_others_notes_and_is_told()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var forge = fixture.Open(fixture.Forge.AddPerson("eve"));
        fixture.Forge.AddComment(fixture.Slug, 1, "ada", "mine");
        var theirs = Assert.Single(await forge.Comments.ListAsync(1));

        await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Comments.UpdateAsync(theirs, "yours"));
        Assert.Equal("mine", Assert.Single(fixture.Comments).Body);
        Assert.Equal($"{fixture.Forge.ServerUrl}acme/ml/energy-load/-/merge_requests/1#note_{theirs.Id}", theirs.Url.AbsoluteUri);
    }

    [Fact]
    public async Task A_developer_may_not_merge_into_a_protected_branch_and_is_told_which_setting_says_so()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var forge = fixture.Open(fixture.Forge.AddPerson("eve"));
        fixture.Repository.Protect("main");

        var refused = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, fixture.HeadSha));

        Assert.Contains("'Allowed to merge' of the protected branch", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_it_is_not_merged_is_said_in_words()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var forge = fixture.Open();
        fixture.Repository.Protections["main"] = new Protection(["mlops/verdict"], RequiredApprovals: 1);

        Assert.Contains("a pipeline of its head must succeed first", (await RefusedAsync()).Message, StringComparison.Ordinal);
        await forge.Checks.PutAsync(Check(fixture.HeadSha));
        Assert.Contains("approvals are missing", (await RefusedAsync()).Message, StringComparison.Ordinal);
        ((GitLabSimulator)fixture.Forge).RequestChanges(fixture.Slug, 1, "eve");
        Assert.Contains("a reviewer asked for changes", (await RefusedAsync()).Message, StringComparison.Ordinal);

        Task<ForgeRefusedException> RefusedAsync() => Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.MergeAsync(1, MergeMethod.Merge, fixture.HeadSha));
    }

    [Theory]
    [InlineData("ff", "default_off", MergeMethod.Merge, "Merge commit")]
    [InlineData("merge", "default_off", MergeMethod.Rebase, "Fast-forward merge")]
    [InlineData("merge", "never", MergeMethod.Squash, "does not allow squashing")]
    [InlineData("merge", "always", MergeMethod.Merge, "always squashes")]
    public async Task A_project_that_merges_otherwise_is_not_merged_otherwise_than_asked(string setting, string squash, MergeMethod method, string words)
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        var project = ((GitLabSimulator)fixture.Forge).Project(fixture.Slug);
        (project.MergeMethod, project.SquashOption) = (setting, squash);
        using var forge = fixture.Open();

        var refused = await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.PullRequests.MergeAsync(1, method, fixture.HeadSha));

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(PullRequestState.Open, (await forge.PullRequests.GetAsync(1)).State);
    }

    [Fact]
    public async Task Rebasing_where_the_project_fast_forwards_leaves_a_straight_line_and_is_idempotent()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        ((GitLabSimulator)fixture.Forge).Project(fixture.Slug).MergeMethod = "ff";
        using var forge = fixture.Open();
        var head = fixture.HeadSha;
        var main = fixture.Repository.CommitFiles("main", "Meanwhile", ("c.txt", "c"));

        var merged = await forge.PullRequests.MergeAsync(1, MergeMethod.Rebase, head);
        var again = await forge.PullRequests.MergeAsync(1, MergeMethod.Rebase, head);

        Assert.Equal(fixture.Repository.Branch("main"), merged.MergeCommitSha);
        Assert.Equal(main, fixture.Repository.Resolve("main^"));
        Assert.Equal(merged, again);
    }

    [Fact]
    public async Task A_merge_waits_until_GitLab_knows_whether_the_branches_come_together()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var forge = fixture.Open();
        fixture.Forge.Faults.MergeabilityComesLate = true;
        var head = fixture.Repository.CommitFiles("change", "More", ("c.txt", "c"));

        Assert.Equal(PullRequestState.Merged, (await forge.PullRequests.MergeAsync(1, MergeMethod.Merge, head)).State);
    }

    [Fact]
    public async Task Older_releases_tell_the_moment_of_an_approval_in_their_notes()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        var gitlab = (GitLabSimulator)fixture.Forge;
        gitlab.Project(fixture.Slug).SaysWhenApproved = false;
        using var forge = fixture.Open();
        // A person's words are not GitLab's.
        fixture.Forge.AddComment(fixture.Slug, 1, "mallory", "approved this merge request");
        gitlab.Approve(fixture.Slug, 1, "eve");
        gitlab.RequestChanges(fixture.Slug, 1, "joe");

        var reviews = await forge.Reviews!.ListAsync(1);

        Assert.Equal(
            [("eve", ReviewState.Approved, fixture.HeadSha), ("joe", ReviewState.ChangesRequested, null)],
            reviews.OrderBy(r => r.Author, StringComparer.Ordinal).Select(r => (r.Author, r.State, r.CommitSha)));
    }

    [Fact]
    public async Task A_status_joins_the_pipeline_of_the_merge_request_and_keeps_within_its_line()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        var pipelines = ((GitLabSimulator)fixture.Forge).Project(fixture.Slug).Pipelines;
        pipelines.Add(new GitLabPipelineRun(51, "refs/merge-requests/1/head", fixture.HeadSha, "merge_request_event", new Dictionary<string, string>()));
        using var forge = fixture.Open();

        var receipt = await forge.Checks.PutAsync(Check(fixture.HeadSha) with { Title = new string('µ', 300), DetailsUrl = new Uri("https://gitlab.test/acme/-/jobs/1") });

        var status = Assert.Single(fixture.Forge.Checks(fixture.Slug));
        Assert.Equal("51", status.ExternalId);
        Assert.Single(pipelines);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(status.Description) <= 255 && status.Description.EndsWith('…'), status.Description);
        Assert.Equal(("commit-status", "https://gitlab.test/acme/-/jobs/1"), (receipt.Kind, receipt.Url!.AbsoluteUri));
    }

    [Fact]
    public async Task An_address_that_somebody_wrote_is_taken_only_if_its_bytes_are_the_right_ones()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var forge = fixture.Open();
        var svg = "<svg>ours</svg>"u8.ToArray();
        var real = await forge.Assets!.PublishAsync("pull/1", "a.svg", svg, "image/svg+xml");
        // The same name below another secret, of other bytes; and the right bytes on another host.
        var uploads = ((GitLabSimulator)fixture.Forge).Project(fixture.Slug).Uploads;
        uploads.Add(new GitLabUploaded(9, new string('e', 32), uploads[0].FileName, "image/svg+xml", "<svg>evil</svg>"u8.ToArray(), "mallory", DateTimeOffset.UnixEpoch));
        fixture.Forge.AddComment(fixture.Slug, 1, "mallory", $"![]({real.AbsoluteUri.Replace(uploads[0].Secret, new string('e', 32), StringComparison.Ordinal)})");
        fixture.Forge.AddComment(fixture.Slug, 1, "mallory", $"![](https://evil.test/gitlab/-/project/1/uploads/{uploads[0].Secret}/{uploads[0].FileName})");

        var again = await forge.Assets!.PublishAsync("pull/1", "a.svg", svg, "image/svg+xml");

        Assert.Equal(svg, await fixture.DownloadAsync(again));
        Assert.StartsWith(fixture.Forge.ServerUrl.AbsoluteUri + "-/project/", again.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Releases_that_do_not_serve_uploads_get_them_again_and_pruning_still_finds_all()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        var project = ((GitLabSimulator)fixture.Forge).Project(fixture.Slug);
        project.ServesUploads = false;
        using var forge = fixture.Open();
        var first = await forge.Assets!.PublishAsync("pull/1", "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml");
        await forge.Comments.CreateAsync(1, $"![]({first})");
        await forge.Assets!.PublishAsync("pull/1", "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml");

        Assert.Equal(2, await forge.Assets!.PruneAsync("pull/1"));
        Assert.Empty(project.Uploads);
    }

    [Fact]
    public async Task Pruning_names_the_role_that_it_takes()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var forge = fixture.Open(fixture.Forge.AddPerson("eve"));

        Assert.Contains("Maintainer", (await Assert.ThrowsAsync<ForgeRefusedException>(() => forge.Assets!.PruneAsync("pull/1"))).MissingPermission, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_pipelines_with_variables_for_people_and_for_jobs()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        var gitlab = (GitLabSimulator)fixture.Forge;
        foreach (var token in new[] { gitlab.JobToken, gitlab.AddJobToken() })
        {
            using var forge = fixture.Open(token);
            await forge.Dispatch!.SendAsync("retrain", new JsonObject { ["model"] = "energy-load" });
        }

        Assert.All(gitlab.Project(fixture.Slug).Pipelines, p => Assert.Equal(("main", "retrain", """{"model":"energy-load"}"""), (p.Ref, p.Variables["MLOPS_EVENT"], p.Variables["MLOPS_PAYLOAD"])));
        Assert.Equal(["api", "trigger"], gitlab.Project(fixture.Slug).Pipelines.Select(p => p.Source));
    }

    [Fact]
    public async Task A_pipeline_runs_again_whole_or_only_what_failed()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        var pipelines = ((GitLabSimulator)fixture.Forge).Project(fixture.Slug).Pipelines;
        pipelines.Add(new GitLabPipelineRun(51, "refs/merge-requests/1/head", fixture.HeadSha, "merge_request_event", new Dictionary<string, string>()));
        pipelines.Add(new GitLabPipelineRun(52, "main", fixture.Repository.Branch("main")!, "push", new Dictionary<string, string>()));
        using var forge = fixture.Open();

        await forge.Dispatch!.RerunAsync(51, failedOnly: true);
        await forge.Dispatch.RerunAsync(51);
        await forge.Dispatch.RerunAsync(52);

        Assert.Equal(1, pipelines[0].Retries);
        Assert.Equal([("refs/merge-requests/1/head", "merge_request_event"), ("main", "api")], pipelines.Skip(2).Select(p => (p.Ref, p.Source)));
        await Assert.ThrowsAsync<ForgeNotFoundException>(() => forge.Dispatch.RerunAsync(53));
    }

    [Fact]
    public async Task A_forks_branch_of_the_same_name_is_another_branch()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab", withPull: false);
        ((GitLabSimulator)fixture.Forge).OpenFromFork(fixture.Slug, "change", "main", "mallory/energy-load", "mallory");
        using var forge = fixture.Open();

        Assert.True((await forge.PullRequests.GetAsync(1)).IsFork);
        Assert.Empty(await forge.PullRequests.FindOpenAsync("change"));
        Assert.Single(await forge.PullRequests.FindOpenAsync(@base: "main"));
    }

    [Theory]
    [InlineData("GET", "projects/acme%2Fml%2Fenergy-load/merge_requests/1/notes?activity=all", 400, "takes no parameter activity")]
    [InlineData("GET", "projects/acme%2Fml%2Fenergy-load/merge_request/1", 404, "404 Not Found")]
    [InlineData("GET", "projects/acme%2Fml%2Fother", 404, "404 Project Not Found")]
    [InlineData("GET", "projects/acme%2Fml%2Fenergy-load/merge_requests?state=open", 400, "state does not have a valid value")]
    [InlineData("POST", "projects/acme%2Fml%2Fenergy-load/merge_requests/1/notes", 400, "body is missing")]
    public async Task The_simulator_refuses_what_GitLab_has_not(string method, string path, int status, string words)
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{fixture.Forge.ApiUrl}/{path}");
        request.Headers.Add("PRIVATE-TOKEN", fixture.Forge.JobToken);

        using var answer = await http.SendAsync(request);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static CheckRun Check(string sha) =>
        new() { Name = "mlops/verdict", HeadSha = sha, Status = CheckStatus.Completed, Conclusion = CheckConclusion.Success, Title = "better" };
}
