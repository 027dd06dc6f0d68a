namespace Ci.Jobs.GitLabCi;

/// <summary>
/// GitLab CI. https://docs.gitlab.com/ci/variables/predefined_variables/ — it has no summary page; outputs go to a dotenv file that
/// the template declares as a report (<c>MLOPS_DOTENV</c>).
/// </summary>
internal sealed class GitLabCiJob : IJob
{
    private readonly JobEnvironment world;

    public GitLabCiJob(JobEnvironment world)
    {
        this.world = world;
        this.RunId = world.Number("CI_PIPELINE_ID");
        this.ServerUrl = world.Address("CI_SERVER_URL") ?? new Uri("https://gitlab.com");
        this.ApiUrl = world.Address("CI_API_V4_URL") ?? new Uri($"{this.ServerUrl.AbsoluteUri.TrimEnd('/')}/api/v4");
        this.RunUrl = world.Address("CI_JOB_URL") ?? world.Address("CI_PIPELINE_URL");
        this.PullRequest = FindMergeRequest(world);
    }

    public string Name => "gitlab-ci";

    public string Vendor => "gitlab";

    public string? Repository => this.world.Text("CI_PROJECT_PATH");

    // In a merged-results pipeline CI_COMMIT_SHA is GitLab's test merge; the source branch's commit is the author's.
    public string? CommitSha => this.PullRequest?.HeadSha ?? this.world.Text("CI_COMMIT_SHA");

    public string? Branch => this.world.Text("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") ?? this.world.Text("CI_COMMIT_BRANCH");

    public JobPullRequest? PullRequest { get; }

    public Uri? RunUrl { get; }

    public long RunId { get; }

    // GitLab retries single jobs under new job ids; the pipeline keeps its id. There is no attempt number.
    public int RunAttempt => 1;

    public Uri? ApiUrl { get; }

    public Uri? ServerUrl { get; }

    // CI_JOB_TOKEN may not write notes; people give a project access token as GITLAB_TOKEN.
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
        this.world.Log.WriteLine($"{place}{level.ToString().ToLowerInvariant()}: {OneLine(title)}: {OneLine(message)}");
    }

    private static JobPullRequest? FindMergeRequest(JobEnvironment world)
    {
        var number = world.Number("CI_MERGE_REQUEST_IID");
        if (number is < 1 or > int.MaxValue)
            return null;
        var fork = world.Text("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") is { } source && source != world.Text("CI_MERGE_REQUEST_PROJECT_ID");
        var head = world.Text("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") ?? world.Text("CI_COMMIT_SHA");
        return new JobPullRequest((int)number, head, world.Text("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"), fork);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
