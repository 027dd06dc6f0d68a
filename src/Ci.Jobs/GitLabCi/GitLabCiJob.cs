namespace Ci.Jobs.GitLabCi;

/// <summary>
/// GitLab CI. https://docs.gitlab.com/ci/variables/predefined_variables/ — it has no summary page; outputs go to a dotenv file and
/// annotations to a JSON file that the template declares as reports (<c>MLOPS_DOTENV</c>, <c>MLOPS_ANNOTATIONS</c>).
/// </summary>
internal sealed class GitLabCiJob : IJob
{
    private readonly JobEnvironment world;
    private readonly GitLabAnnotations annotations;

    public GitLabCiJob(JobEnvironment world)
    {
        this.world = world;
        this.RunId = world.Number("CI_PIPELINE_ID");
        this.ServerUrl = world.Address("CI_SERVER_URL") ?? new Uri("https://gitlab.com");
        this.ApiUrl = world.Address("CI_API_V4_URL") ?? new Uri($"{this.ServerUrl.AbsoluteUri.TrimEnd('/')}/api/v4");
        this.RunUrl = world.Address("CI_JOB_URL") ?? world.Address("CI_PIPELINE_URL");
        this.PullRequest = GitLabMergeRequest.Find(world);
        this.annotations = new GitLabAnnotations(world, $"{this.ServerUrl.AbsoluteUri.TrimEnd('/')}/{world.Text("CI_PROJECT_PATH")}/-/blob/{this.CommitSha}");
    }

    public string Name => "gitlab-ci";

    public string Vendor => "gitlab";

    // The merge request's project: in a pipeline that runs within a fork CI_PROJECT_PATH is the fork, which has no such merge request.
    public string? Repository => (this.PullRequest is null ? null : this.world.Text("CI_MERGE_REQUEST_PROJECT_PATH")) ?? this.world.Text("CI_PROJECT_PATH");

    // In a merged-results pipeline CI_COMMIT_SHA is GitLab's test merge; the source branch's commit is the author's.
    public string? CommitSha => this.PullRequest?.HeadSha ?? this.world.Text("CI_COMMIT_SHA");

    public string? Branch => this.world.Text("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") ?? this.world.Text("CI_COMMIT_BRANCH");

    public JobPullRequest? PullRequest { get; }

    public string? Event => this.world.Text("CI_PIPELINE_SOURCE");

    public Uri? RunUrl { get; }

    public long RunId { get; }

    // GitLab retries single jobs under new job ids; the pipeline keeps its id. There is no attempt number.
    public int RunAttempt => 1;

    public Uri? ApiUrl { get; }

    public Uri? ServerUrl { get; }

    // CI_JOB_TOKEN may read merge requests and notes, and start pipelines, but write neither notes nor statuses: people give a project
    // access token as MLOPS_TOKEN (or GITLAB_TOKEN), and whoever is refused without one is told so.
    public string? Token => this.world.Text("GITLAB_TOKEN") ?? this.world.Text("CI_JOB_TOKEN");

    public string? Actor => this.world.Text("GITLAB_USER_LOGIN");

    public static bool Matches(JobEnvironment world) => world.IsTrue("GITLAB_CI");

    public bool SetOutput(string name, string value)
    {
        if (name.Length is 0 or > 100 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c == '-'))
            throw new JobException($"'{name}' is no name for an output: letters, digits, '_' and '-' only");
        if (this.world.Text("MLOPS_DOTENV") is not { } path)
            return false;

        // dotenv reports know no quoting and no line breaks: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv
        if (value.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new JobException($"the output '{name}' has several lines, which GitLab's dotenv reports cannot carry");
        JobEnvironment.Append(path, $"{name.Replace('-', '_')}={value}\n");
        return true;
    }

    public bool AppendSummary(string markdown) => false;

    public void Annotate(AnnotationLevel level, string? file, int? line, string title, string message)
    {
        var place = file is null ? "" : line is { } number ? $"{file}:{number}: " : $"{file}: ";
        this.world.Log.WriteLine(LogText.Line($"{place}{level.ToString().ToLowerInvariant()}: {title}: {message}"));
        this.annotations.Add(level, file, line, title);
    }
}
