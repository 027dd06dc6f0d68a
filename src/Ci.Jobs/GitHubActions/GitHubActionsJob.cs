using System.Text;

namespace Ci.Jobs.GitHubActions;

/// <summary>
/// GitHub Actions (and what imitates its variables: Gitea, a laptop with GITHUB_REPOSITORY set).
/// https://docs.github.com/en/actions/reference/workflows-and-actions/variables
/// </summary>
internal sealed class GitHubActionsJob : IJob
{
    // GitHub shows at most 1 MiB of summary a step and drops all of it when it is longer. Steps of one job are counted together here: a
    // page of many reports is one that nobody reads.
    private const long SummaryLimit = 1024 * 1024;

    private const string SummaryFiles = "step_summary_";

    private readonly JobEnvironment world;
    private readonly GitHubEvent happened;

    public GitHubActionsJob(JobEnvironment world)
    {
        this.world = world;
        this.happened = GitHubEvent.Read(world);
        this.RunId = world.Number("GITHUB_RUN_ID");
        this.RunAttempt = Math.Max(1, (int)Math.Min(int.MaxValue, world.Number("GITHUB_RUN_ATTEMPT")));
        this.ServerUrl = world.Address("GITHUB_SERVER_URL") ?? new Uri("https://github.com");
        this.ApiUrl = world.Address("GITHUB_API_URL") ?? new Uri("https://api.github.com");
    }

    public string Name => "github-actions";

    public string Vendor => "github";

    public string? Repository => this.world.Text("GITHUB_REPOSITORY");

    // GITHUB_SHA of a pull_request event is the forge's test merge, which nobody pushed: the event's head is the author's commit.
    public string? CommitSha => this.happened.HeadSha ?? this.PullRequest?.HeadSha ?? this.world.Text("GITHUB_SHA");

    public string? Branch =>
        this.world.Text("GITHUB_HEAD_REF")
        ?? (this.world.Text("GITHUB_REF") is { } full && full.StartsWith("refs/heads/", StringComparison.Ordinal) ? full["refs/heads/".Length..] : null);

    public JobPullRequest? PullRequest => this.happened.PullRequest;

    public string? Event => this.world.Text("GITHUB_EVENT_NAME");

    public JobTrigger? Trigger => this.happened.Trigger is { } trigger && this.Repository is { } slug
        ? trigger with { Url = new Uri($"{this.ServerUrl!.AbsoluteUri.TrimEnd('/')}/{slug}/actions/runs/{trigger.RunId}") }
        : this.happened.Trigger;

    public IReadOnlyList<string> Warnings => this.Event == "pull_request_target"
        ? ["this job was started by pull_request_target: it has the repository's secrets and a token that may write. Never check out or run what the "
            + "pull request brought; evaluate on pull_request and report on workflow_run instead (docs/guide/forks.md)"]
        : [];

    public long SummaryRoom => this.world.Text("GITHUB_STEP_SUMMARY") is { } path ? Math.Max(0, SummaryLimit - Written(path)) : 0;

    public Uri? RunUrl => this.RunId > 0 && this.Repository is { } slug
        ? new Uri($"{this.ServerUrl!.AbsoluteUri.TrimEnd('/')}/{slug}/actions/runs/{this.RunId}")
        : null;

    public long RunId { get; }

    public int RunAttempt { get; }

    public Uri? ApiUrl { get; }

    public Uri? ServerUrl { get; }

    public string? Token => this.world.Text("GITHUB_TOKEN");

    // Who runs a job again is not who pushed, and it is the second that acts: GITHUB_TRIGGERING_ACTOR.
    public string? Actor => this.world.Text("GITHUB_TRIGGERING_ACTOR") ?? this.world.Text("GITHUB_ACTOR");

    public static bool Matches(JobEnvironment world) => world.IsTrue("GITHUB_ACTIONS") || world.Text("GITHUB_REPOSITORY") is not null;

    public bool SetOutput(string name, string value)
    {
        if (!IsName(name))
            throw new JobException($"'{name}' is no name for an output: letters, digits, '_' and '-' only");
        if (this.world.Text("GITHUB_OUTPUT") is not { } path)
            return false;

        // The delimiter must not be a line of the value, or untrusted text could set outputs of its own.
        var delimiter = "END";
        while (value.Contains(delimiter, StringComparison.Ordinal))
            delimiter += "_";
        JobEnvironment.Append(path, $"{name}<<{delimiter}\n{value}\n{delimiter}\n");
        return true;
    }

    public bool AppendSummary(string markdown)
    {
        if (this.world.Text("GITHUB_STEP_SUMMARY") is not { } path)
            return false;
        if (Encoding.UTF8.GetByteCount(markdown) + 1 > this.SummaryRoom)
            return false;
        JobEnvironment.Append(path, markdown.EndsWith('\n') ? markdown : markdown + "\n");
        return true;
    }

    // Where others write into the same log, only that log knows how to speak to the runner.
    public void Annotate(AnnotationLevel level, string? file, int? line, string title, string message)
    {
        var command = WorkflowCommand.Annotation(level, file, line, title, message);
        if (this.world.Log is StepLog step)
            step.Obey(command);
        else
            this.world.Log.WriteLine(command);
    }

    // The runner gives each step a file of its own, side by side: step_summary_GUID.
    private static long Written(string path)
    {
        var own = new FileInfo(path);
        var name = own.Name;
        if (!name.StartsWith(SummaryFiles, StringComparison.Ordinal) || own.Directory is not { Exists: true } folder)
            return own.Exists ? own.Length : 0;
        return folder.EnumerateFiles(SummaryFiles + "*").Where(file => !file.Name.EndsWith("-scrubbed", StringComparison.Ordinal)).Sum(file => file.Length);
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
