using System.Text.Json.Nodes;

namespace Ci.Jobs.Tests;

/// <summary>A job of GitLab, told by its variables alone.</summary>
public sealed class GitLabJobTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-gitlab-job").FullName;

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public void A_merge_requests_own_head_is_reported_on_not_GitLabs_test_merge()
    {
        var job = MergeRequest(("CI_COMMIT_SHA", Sha('9')), ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", Sha('1')));

        Assert.Equal((Sha('1'), "lags", "acme/ml/energy-load", "merge_request_event"), (job.CommitSha, job.Branch, job.Repository, job.Event));
        Assert.Equal(new JobPullRequest(8, Sha('1'), "main", IsFork: false) { HeadRepository = "acme/ml/energy-load" }, job.PullRequest);
        Assert.Equal((501L, 1, "https://gitlab.example/sub/api/v4"), (job.RunId, job.RunAttempt, job.ApiUrl!.AbsoluteUri));
    }

    [Fact]
    public void Without_a_test_merge_the_pipelines_commit_is_the_head()
    {
        // GitLab sets the variable empty then.
        Assert.Equal(Sha('9'), MergeRequest(("CI_COMMIT_SHA", Sha('9')), ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "")).CommitSha);
    }

    [Theory]
    [InlineData("acme/ml/energy-load", "acme/ml/energy-load", false)]
    [InlineData("mallory/energy-load", "acme/ml/energy-load", true)]
    [InlineData("mallory/energy-load", "mallory/energy-load", true)]
    [InlineData("", "acme/ml/energy-load", true)]
    public void A_fork_is_one_wherever_its_pipeline_runs_and_speaks_to_the_merge_requests_project(string source, string runsIn, bool isFork)
    {
        var job = MergeRequest(("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", source), ("CI_PROJECT_PATH", runsIn), ("CI_COMMIT_SHA", Sha('9')));

        Assert.Equal((isFork, "acme/ml/energy-load"), (job.PullRequest!.IsFork, job.Repository));
    }

    [Theory]
    [InlineData("acme/ml/energy-load!12", 12)]
    [InlineData("acme/ml/energy-load!12,acme/ml/energy-load!13", 0)]
    [InlineData("upstream/energy-load!12", 0)]
    [InlineData("acme/ml/energy-load!x", 0)]
    public void A_branchs_pipeline_knows_the_one_merge_request_that_is_open(string open, int number)
    {
        var job = Job(("CI_PROJECT_PATH", "acme/ml/energy-load"), ("CI_COMMIT_SHA", Sha('9')), ("CI_COMMIT_BRANCH", "lags"), ("CI_OPEN_MERGE_REQUESTS", open));

        Assert.Equal(number, job.PullRequest?.Number ?? 0);
    }

    [Fact]
    public void The_projects_token_goes_before_the_jobs_own()
    {
        Assert.Equal("job", Job(("CI_JOB_TOKEN", "job")).Token);
        Assert.Equal("project", Job(("CI_JOB_TOKEN", "job"), ("GITLAB_TOKEN", "project")).Token);
    }

    [Fact]
    public void Outputs_go_to_the_dotenv_report_one_line_each()
    {
        var path = Path.Combine(this.folder, "mlops.env");
        var job = Job(("MLOPS_DOTENV", path));

        Assert.True(job.SetOutput("comment-url", "https://gitlab.example/x#note_1"));
        Assert.Throws<JobException>(() => job.SetOutput("a", "x\nMLOPS_TOKEN=evil"));
        Assert.Equal("comment_url=https://gitlab.example/x#note_1\n", File.ReadAllText(path));
        Assert.False(Job().SetOutput("a", "x"));
    }

    [Fact]
    public void Annotations_are_links_to_the_line_in_GitLabs_own_format_and_a_harmless_line_of_the_log()
    {
        var path = Path.Combine(this.folder, "annotations.json");
        using var log = new StringWriter();
        var variables = Variables(("MLOPS_ANNOTATIONS", path), ("CI_PROJECT_PATH", "acme/m"), ("CI_COMMIT_SHA", Sha('9')), ("CI_SERVER_URL", "https://gitlab.example"));
        for (var i = 0; i < 2; i++)
            JobDetector.Detect(variables, Read, log).Annotate(AnnotationLevel.Error, "a b/gates.yaml", 3, "rmse\nsection_start:1:x", "worse \e[0K");

        var links = JsonNode.Parse(File.ReadAllText(path))!["mlops"]!.AsArray();
        Assert.Equal(2, links.Count);
        Assert.Equal($"https://gitlab.example/acme/m/-/blob/{Sha('9')}/a%20b/gates.yaml#L3", (string)links[0]!["external_link"]!["url"]!);
        Assert.Equal("error: rmse section_start:1:x", (string)links[0]!["external_link"]!["label"]!);
        Assert.Equal(2, log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain('\e', log.ToString());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"mlops\": 7}")]
    public void What_is_no_file_of_annotations_is_begun_anew(string text)
    {
        var path = Path.Combine(this.folder, "annotations.json");
        File.WriteAllText(path, text);

        JobDetector.Detect(Variables(("MLOPS_ANNOTATIONS", path)), Read).Annotate(AnnotationLevel.Notice, "gates.yaml", null, "title", "message");

        Assert.Single(JsonNode.Parse(File.ReadAllText(path))!["mlops"]!.AsArray());
    }

    private static IJob MergeRequest(params (string Name, string Value)[] more) => Job([
        ("CI_PROJECT_PATH", "acme/ml/energy-load"), ("CI_PIPELINE_ID", "501"), ("CI_PIPELINE_SOURCE", "merge_request_event"), ("CI_SERVER_URL", "https://gitlab.example/sub"),
        ("CI_MERGE_REQUEST_IID", "8"), ("CI_MERGE_REQUEST_PROJECT_PATH", "acme/ml/energy-load"), ("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "acme/ml/energy-load"),
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "lags"), ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"), .. more]);

    private static IJob Job(params (string Name, string Value)[] variables) => JobDetector.Detect(Variables(variables), Read);

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string> { ["GITLAB_CI"] = "true" };
        foreach (var (name, value) in variables)
            all[name] = value;
        return all;
    }

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    private static string Sha(char digit) => new(digit, 40);
}
