namespace Ci.Jobs.Tests;

public sealed class JobTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-jobs").FullName;

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public void A_pull_requests_job_speaks_of_the_authors_commit_not_of_the_test_merge()
    {
        var job = GitHub("github-pull-request.json", ("GITHUB_SHA", new string('9', 40)), ("GITHUB_REF", "refs/pull/42/merge"), ("GITHUB_HEAD_REF", "better-lags"));

        Assert.Equal(("github-actions", new string('1', 40), "better-lags"), (job.Name, job.CommitSha, job.Branch));
        Assert.Equal(new JobPullRequest(42, new string('1', 40), "main", IsFork: false), job.PullRequest);
        Assert.Equal("https://github.com/acme/energy-load/actions/runs/12", job.RunUrl!.AbsoluteUri);
        Assert.Equal((12L, 2), (job.RunId, job.RunAttempt));
    }

    [Fact]
    public void A_deleted_fork_is_still_a_fork() => Assert.True(GitHub("github-pull-request-deleted-fork.json").PullRequest!.IsFork);

    [Fact]
    public void A_workflow_run_takes_the_commit_of_the_run_that_triggered_it()
    {
        var job = GitHub("github-workflow-run.json", ("GITHUB_SHA", new string('9', 40)));

        Assert.Equal(new string('4', 40), job.CommitSha);
        Assert.Equal((44, true), (job.PullRequest!.Number, job.PullRequest.IsFork));
    }

    [Fact]
    public void The_actor_is_who_started_this_very_run()
    {
        Assert.Equal("octocat", GitHub(null, ("GITHUB_ACTOR", "octocat")).Actor);
        Assert.Equal("hubot", GitHub(null, ("GITHUB_ACTOR", "octocat"), ("GITHUB_TRIGGERING_ACTOR", "hubot")).Actor);
        Assert.Equal("ada", JobDetector.Detect(Environment(("GITLAB_CI", "true"), ("GITLAB_USER_LOGIN", "ada")), _ => null).Actor);
        Assert.Null(JobDetector.Detect(Environment(), _ => null).Actor);
    }

    [Fact]
    public void A_push_has_no_pull_request()
    {
        var job = GitHub(null, ("GITHUB_SHA", new string('7', 40)), ("GITHUB_REF", "refs/heads/main"));

        Assert.Null(job.PullRequest);
        Assert.Equal((new string('7', 40), "main"), (job.CommitSha, job.Branch));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"pull_request\": {\"number\": \"many\", \"head\": {}, \"base\": {}}}")]
    [InlineData("not json")]
    public void A_malformed_event_is_named(string text)
    {
        var environment = Environment(("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_PATH", "/event.json"));

        var error = Assert.Throws<JobException>(() => JobDetector.Detect(environment, _ => text));

        Assert.Contains("/event.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_request_from_a_fork_on_GitLab_is_known_as_one()
    {
        var environment = File.ReadAllLines(Fixture("gitlab-merge-request.env")).ToDictionary(l => l.Split('=', 2)[0], l => l.Split('=', 2)[1]);

        var job = JobDetector.Detect(environment, _ => null);

        Assert.Equal(("gitlab-ci", "acme/ml/energy-load", "better-lags", "project-token"), (job.Name, job.Repository, job.Branch, job.Token));
        Assert.Equal(new JobPullRequest(8, new string('6', 40), "main", IsFork: true), job.PullRequest);
        Assert.Equal((501L, "https://gitlab.example/api/v4"), (job.RunId, job.ApiUrl!.AbsoluteUri));
    }

    [Fact]
    public void Nothing_around_us_is_a_laptop_and_two_jobs_at_once_an_error()
    {
        Assert.Equal("local", JobDetector.Detect(Environment(), _ => null).Name);
        var error = Assert.Throws<JobException>(() => JobDetector.Detect(Environment(("GITHUB_ACTIONS", "true"), ("GITLAB_CI", "true")), _ => null));
        Assert.Contains("github-actions and gitlab-ci", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_cannot_smuggle_in_another_one()
    {
        var path = Path.Combine(this.folder, "output");
        var job = GitHub(null, ("GITHUB_OUTPUT", path));

        Assert.True(job.SetOutput("report", "one\nEND\nadmin=true"));
        Assert.Throws<JobException>(() => job.SetOutput("a=b", "x"));

        Assert.Equal("report<<END_\none\nEND\nadmin=true\nEND_\n", File.ReadAllText(path));
    }

    [Fact]
    public void An_annotation_cannot_become_a_command()
    {
        using var log = new StringWriter();
        var job = JobDetector.Detect(Environment(("GITHUB_ACTIONS", "true")), _ => null, log);

        job.Annotate(AnnotationLevel.Error, "gates.yaml", 3, "rmse: worse, clearly", "100 %\n::set-output name=x::y");

        Assert.Equal("::error file=gates.yaml,line=3,title=rmse%3A worse%2C clearly::100 %25%0A::set-output name=x::y", log.ToString().TrimEnd());
    }

    [Fact]
    public void A_summary_over_the_limit_is_not_written()
    {
        var path = Path.Combine(this.folder, "summary");
        var job = GitHub(null, ("GITHUB_STEP_SUMMARY", path));

        Assert.True(job.AppendSummary("# Report"));
        Assert.False(job.AppendSummary(new string('x', 1024 * 1024)));

        Assert.Equal("# Report\n", File.ReadAllText(path));
    }

    [Fact]
    public void The_summaries_of_all_steps_share_one_limit()
    {
        File.WriteAllText(Path.Combine(this.folder, "step_summary_a"), new string('x', 1_000_000));
        File.WriteAllText(Path.Combine(this.folder, "step_summary_a-scrubbed"), new string('x', 1_000_000));
        var job = GitHub(null, ("GITHUB_STEP_SUMMARY", Path.Combine(this.folder, "step_summary_b")));

        Assert.Equal((1024 * 1024) - 1_000_000, job.SummaryRoom);
        Assert.False(job.AppendSummary(new string('x', 60_000)));
        Assert.True(job.AppendSummary("short"));
        Assert.Equal(0, GitHub(null).SummaryRoom);
    }

    [Fact]
    public void A_workflow_run_tells_which_run_it_follows_and_from_where()
    {
        var trigger = GitHub("github-workflow-run.json", ("GITHUB_EVENT_NAME", "workflow_run")).Trigger!;

        Assert.Equal((9L, new string('4', 40), "mallory/energy-load", true, "pull_request"), (trigger.RunId, trigger.HeadSha, trigger.HeadRepository, trigger.IsFork, trigger.Event));
        Assert.Equal("https://github.com/acme/energy-load/actions/runs/9", trigger.Url!.AbsoluteUri);
        Assert.Null(GitHub("github-pull-request.json").Trigger);
    }

    [Theory]
    [InlineData("merge_group", "{\"merge_group\":{\"head_sha\":\"SHA\",\"base_ref\":\"refs/heads/main\"}}", true)]
    [InlineData("push", "{\"after\":\"SHA\"}", true)]
    [InlineData("push", "{\"after\":\"0000000000000000000000000000000000000000\"}", false)]
    [InlineData("schedule", "{\"schedule\":\"17 * * * *\"}", false)]
    [InlineData("workflow_dispatch", "{\"inputs\":null}", false)]
    public void Events_without_a_pull_request_give_their_commit(string name, string text, bool named)
    {
        var sha = new string('5', 40);
        var environment = Environment(("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_PATH", "/e"), ("GITHUB_EVENT_NAME", name), ("GITHUB_SHA", new string('6', 40)));

        var job = JobDetector.Detect(environment, _ => text.Replace("SHA", sha, StringComparison.Ordinal));

        Assert.Equal(named ? sha : new string('6', 40), job.CommitSha);
        Assert.Equal((null, name), (job.PullRequest, job.Event));
    }

    [Theory]
    [InlineData("pull_request", "{}", "`pull_request` is missing")]
    [InlineData("pull_request_target", "{\"pull_request\":[]}", "`pull_request` should be an object")]
    [InlineData("workflow_run", "{\"workflow_run\":{\"id\":1,\"head_sha\":\"main; rm -rf /\"}}", "`head_sha` should be a commit id")]
    [InlineData("workflow_run", "{\"workflow_run\":{\"id\":0,\"head_sha\":\"4444444444444444444444444444444444444444\"}}", "`id` should be a number from 1")]
    [InlineData("merge_group", "{\"merge_group\":{}}", "`head_sha` should be a commit id")]
    [InlineData("push", "{\"after\":7}", "`after` should be a commit id")]
    public void An_event_that_lacks_what_its_name_promises_is_refused(string name, string text, string why)
    {
        var environment = Environment(("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_PATH", "/e"), ("GITHUB_EVENT_NAME", name));

        Assert.Contains(why, Assert.Throws<JobException>(() => JobDetector.Detect(environment, _ => text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pull_request_target_is_warned_of_and_nothing_else_is()
    {
        Assert.Single(GitHub("github-pull-request.json", ("GITHUB_EVENT_NAME", "pull_request_target")).Warnings);
        Assert.Empty(GitHub("github-pull-request.json", ("GITHUB_EVENT_NAME", "pull_request")).Warnings);
    }

    [Theory]
    [InlineData("::error::x")]
    [InlineData("a ##[add-mask]b")]
    [InlineData("x\u001b[0Ksection_start:1:a\r\n::error::y")]
    public void A_line_of_the_log_is_no_command(string text)
    {
        var line = LogText.Line(text);
        Assert.DoesNotContain("::", line, StringComparison.Ordinal);
        Assert.DoesNotContain("##[", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
    }

    [Fact]
    public void A_number_that_is_none_is_named()
    {
        var error = Assert.Throws<JobException>(() => GitHub(null, ("GITHUB_RUN_ID", "twelve")));
        Assert.Contains("GITHUB_RUN_ID", error.Message, StringComparison.Ordinal);
    }

    private static IJob GitHub(string? fixture, params (string Name, string Value)[] more)
    {
        var environment = Environment(("GITHUB_ACTIONS", "true"), ("GITHUB_REPOSITORY", "acme/energy-load"), ("GITHUB_RUN_ID", "12"), ("GITHUB_RUN_ATTEMPT", "2"));
        if (fixture is not null)
            environment["GITHUB_EVENT_PATH"] = Fixture(fixture);
        foreach (var (name, value) in more)
            environment[name] = value;
        return JobDetector.Detect(environment, path => File.Exists(path) ? File.ReadAllText(path) : null);
    }

    private static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) => variables.ToDictionary(v => v.Name, v => v.Value);

    private static string Fixture(string name)
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, "Ci.sln")))
            place = place.Parent;
        return Path.Combine(place!.FullName, "tests", "Fixtures", "jobs", name);
    }
}
