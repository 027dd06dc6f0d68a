using System.CommandLine;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>What the verbs of experiments share.</summary>
internal static class ExpSupport
{
    public static readonly Option<string[]> Set = new("--set-param", "-S")
    {
        Description = "Set a parameter: [FILE:]KEY=VALUE; `+KEY=VALUE` adds, `~KEY` removes; KEY=1,2,3, choice(…), range(…), uniform(…), loguniform(…), randint(…) are ranges.",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Task<ExperimentWorkspace> OpenAsync(CliContext context, CancellationToken ct) =>
        ExperimentWorkspace.OpenAsync(Project.Open(context.WorkingDirectory, context.Time, context.Environment), GitSettings.Of(context), ct);

    /// <summary>The <c>-S</c> of a command line; files are relative to the working folder.</summary>
    public static IReadOnlyList<SweptOverride> Overrides(CliContext context, ExperimentWorkspace home, IEnumerable<string>? texts) =>
        [.. (texts ?? []).Select(text => OverrideReader.Read(text, file => InProject(context, home, file)))];

    public static string InProject(CliContext context, ExperimentWorkspace home, string file)
    {
        var path = context.FullPath(file);
        return home.Project.Contains(path) ? home.Project.Shown(path) : throw new CliException($"{file} lies outside of the project {home.Project.Root}; parameters are set in files of the project");
    }

    public static ReproOptions Repro(CliContext context) => new()
    {
        Folder = context.WorkingDirectory,
        Environment = context.Environment,
        PathPrefix = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
    };

    /// <summary>What a commit is called: the branch that is checked out there, else a tag or branch on it, else the beginning of its id.</summary>
    public static async Task<string> NameOfAsync(ExperimentWorkspace home, string commit, CancellationToken ct)
    {
        if (commit == await home.Git.ResolveAsync("HEAD", ct) && await home.Git.CurrentBranchAsync(ct) is { } branch)
            return branch;
        var tags = await home.Git.TagsAsync(ct);
        if (tags.FirstOrDefault(t => t.TargetCommit == commit) is { } tag)
            return tag.Name;
        return (await home.Git.RefsAsync("refs/heads", ct)).FirstOrDefault(r => r.Commit == commit) is { } found ? found.Name["refs/heads/".Length..] : commit[..7];
    }

    /// <summary>The name that an experiment gets when it was given none.</summary>
    public static Task<string> NewNameAsync(CliContext context, ExperimentWorkspace home, string commit, string text, IReadOnlyCollection<string> taken, CancellationToken ct) =>
        home.Store.FreeNameAsync(commit, $"{text}\n{context.Time.GetUtcNow().UtcTicks}", taken, ct);
}
