namespace Ci.Jobs.Local;

/// <summary>No CI job: a laptop, or a job that we do not know. Facts come from options then; annotations are plain lines.</summary>
internal sealed class LocalJob(JobEnvironment world) : IJob
{
    public string Name => "local";

    public string? Vendor => null;

    public string? Repository => null;

    public string? CommitSha => null;

    public string? Branch => null;

    public JobPullRequest? PullRequest => null;

    public Uri? RunUrl => null;

    public long RunId => 0;

    public int RunAttempt => 1;

    public Uri? ApiUrl => null;

    public Uri? ServerUrl => null;

    public string? Token => null;

    public string? Actor => null;

    public bool SetOutput(string name, string value) => false;

    public bool AppendSummary(string markdown) => false;

    public void Annotate(AnnotationLevel level, string? file, int? line, string title, string message)
    {
        var place = file is null ? "" : line is { } number ? $"{file}:{number}: " : $"{file}: ";
        world.Log.WriteLine($"{place}{level.ToString().ToLowerInvariant()}: {title}: {message}");
    }
}
