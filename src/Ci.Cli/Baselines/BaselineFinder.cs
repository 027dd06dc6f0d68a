using Ci.Git;
using Ci.Jobs;

namespace Ci.Cli.Baselines;

/// <summary>
/// <c>--baseline auto</c>: what is live, else what the pull request grew from. Says which commit that is and how stale, or why there is none. What it
/// fetched lies in a folder of its own, which goes with it.
/// </summary>
internal sealed class BaselineFinder : IDisposable
{
    /// <summary>The word that asks for it.</summary>
    public const string Auto = "auto";

    private readonly string folder = Directory.CreateTempSubdirectory("mlops-baseline-").FullName;
    private readonly CliContext context;
    private readonly IJob job;

    private BaselineFinder(CliContext context)
    {
        this.context = context;
        this.job = JobDetector.Detect(context.Environment, path => File.Exists(path) ? File.ReadAllText(path) : null);
    }

    public static async Task<(BaselineFinder Finder, FoundBaseline Found)> RunAsync(CliContext context, string candidate, CancellationToken ct)
    {
        var finder = new BaselineFinder(context);
        try
        {
            var found = await finder.FindAsync(candidate, ct);
            if (found.WhyNone is { } why)
                context.Note($"mlops: no baseline: {why}");
            return (finder, found);
        }
        catch
        {
            finder.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    private async Task<FoundBaseline> FindAsync(string candidate, CancellationToken ct)
    {
        var (release, whyNotLive) = await LiveBaseline.FetchAsync(this.context, Path.Combine(this.folder, "live"), ct);
        var (git, whyNoGit) = await this.OpenAsync(ct);
        var (target, whyNoTarget) = git is null ? (null, whyNoGit) : await TargetBranch.FindAsync(git, this.job, ct);
        if (release is not null)
        {
            var commit = release.Provenance.Commit;
            var behind = git is not null && target is not null ? await TargetBranch.BehindAsync(git, commit, target.Tip, ct) : null;
            return new FoundBaseline(Path.Combine(this.folder, "live", "evaluation.json"), $"live v{release.Version}", commit, release.Provenance.CreatedAt, behind);
        }

        if (target is null)
            return FoundBaseline.None($"{whyNotLive}; {whyNoTarget}");
        var place = Directory.CreateDirectory(Path.Combine(this.folder, "revision")).FullName;
        var (file, whyNoFile) = await RevisionEvaluation.WriteAsync(this.context, target.Commit, candidate, place, ct);
        return file is null
            ? FoundBaseline.None($"{whyNotLive}; {whyNoFile}")
            : new FoundBaseline(file, $"{target.Name} {target.Commit[..7]}", target.Commit, target.Date, await TargetBranch.BehindAsync(git!, target.Commit, target.Tip, ct));
    }

    private async Task<(GitRepository? Git, string? Why)> OpenAsync(CancellationToken ct)
    {
        try
        {
            return (await GitRepository.OpenAsync(this.context.WorkingDirectory, GitSettings.Of(this.context), ct), null);
        }
        catch (NotARepositoryException)
        {
            return (null, "the folder lies in no Git repository");
        }
    }
}
