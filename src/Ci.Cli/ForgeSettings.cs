using System.CommandLine;
using System.Globalization;
using Ci.Forges;
using Ci.Jobs;

namespace Ci.Cli;

/// <summary>
/// Which forge, repository, pull request and commit a verb speaks about: option, then our environment (CML's names are aliases), then
/// the job. Tokens come from the environment alone.
/// </summary>
internal sealed class ForgeSettings
{
    public static readonly Option<string> RepositoryOption = new("--repository", "--repo") { Description = "The repository, owner/name. Default: the job's (GITHUB_REPOSITORY, CI_PROJECT_PATH).", Recursive = true };
    public static readonly Option<string> ApiUrlOption = new("--api-url") { Description = "The root of the forge's API. Default: the job's (GITHUB_API_URL, CI_API_V4_URL).", Recursive = true };
    public static readonly Option<string> DriverOption = new("--driver") { Description = "The forge: github or gitlab. Default: the job's.", Recursive = true };

    // CML takes the token there; others on the machine can read command lines, so help does not offer it.
    private static readonly Option<string> TokenOption = new("--token", "--driver-token") { Description = "CML's way to give the token; better in MLOPS_TOKEN.", Hidden = true, Recursive = true };
    private static readonly Option<string> LogOption = new("--log") { Description = "CML's verbosity: error is --quiet, all else changes nothing.", Hidden = true, Recursive = true };

    private readonly CliContext context;
    private readonly ParseResult parsed;
    private readonly CmlVariables? cml;

    private ForgeSettings(CliContext context, ParseResult parsed, CmlVariables? cml, IJob job) =>
        (this.context, this.parsed, this.cml, this.Job) = (context, parsed, cml, job);

    /// <summary>The job that we run in.</summary>
    public IJob Job { get; }

    /// <summary>Adds the options that say which forge.</summary>
    public static Command AddTo(Command command)
    {
        command.Options.Add(RepositoryOption);
        command.Options.Add(ApiUrlOption);
        command.Options.Add(DriverOption);
        command.Options.Add(TokenOption);
        command.Options.Add(LogOption);
        return command;
    }

    /// <summary>Reads what the world says; nothing is sent.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="cml">CML's variables of the verb, where it has some.</param>
    public static ForgeSettings Of(CliContext context, ParseResult parsed, CmlVariables? cml = null)
    {
        if ((parsed.GetResult(LogOption) is null ? context.Variable("CML_LOG") : parsed.GetValue(LogOption)) == "error")
            context.IsQuiet = true;
        return new(context, parsed, cml, JobDetector.Detect(context.Environment, path => File.Exists(path) ? File.ReadAllText(path) : null, context.Error));
    }

    /// <summary>Whether an option, the environment or the job names a repository.</summary>
    public bool NamesRepository => (this.RepositoryAsNamed() ?? this.Job.Repository) is not null;

    /// <summary>A client for the repository; nothing is sent yet.</summary>
    public IForge Open() => ForgeProviders.Open(this.Address(), new ForgeOptions { Time = this.context.Time, Deadline = this.Deadline() });

    /// <summary>Where the forge is; says how to name it where nothing does.</summary>
    public ForgeAddress Address()
    {
        var named = this.RepositoryAsNamed();
        var vendor = this.parsed.GetValue(DriverOption) ?? this.Alias("MLOPS_DRIVER", "CML_DRIVER") ?? this.cml?.Named("DRIVER") ?? this.Job.Vendor ?? "github";
        var slug = SlugOf(named) ?? this.Job.Repository
            ?? throw new CliException("which repository? Give --repository OWNER/NAME, or set GITHUB_REPOSITORY as GitHub Actions does", ExitCode.Usage);
        // A job of one forge may speak to another: its own addresses are not that one's.
        var isTheJobs = this.Job.Vendor is null || this.Job.Vendor == vendor;
        var api = this.parsed.GetValue(ApiUrlOption) ?? this.Alias("MLOPS_API_URL") ?? (isTheJobs ? this.Job.ApiUrl?.AbsoluteUri : null)
            ?? ForgeProviders.ApiUrlOf(vendor) ?? "https://api.github.com";
        if (!Uri.TryCreate(api, UriKind.Absolute, out var apiUrl) || apiUrl.Scheme is not ("http" or "https"))
            throw new CliException($"'{api}' is no http(s) address for the forge's API", ExitCode.Usage);
        return new ForgeAddress
        {
            Vendor = vendor,
            ApiUrl = apiUrl,
            ServerUrl = isTheJobs ? this.Job.ServerUrl : null,
            Repository = slug,
            Token = this.Token(),
        };
    }

    /// <summary>The environment variable that the token comes from; null where there is none, or the job knows it by itself.</summary>
    public string? TokenVariable => Array.Find(TokenVariables, name => this.context.Variable(name) is not null);

    /// <summary>The pull request: as given, or the job's; null where neither names one.</summary>
    public int? PullRequest(int? given) => given ?? (int?)this.Number("MLOPS_PR", "CML_PR") ?? this.Job.PullRequest?.Number;

    /// <summary>Whether the environment or the job names a commit.</summary>
    public bool NamesCommit => (this.Alias("MLOPS_COMMIT_SHA", "CML_COMMIT_SHA") ?? this.Job.CommitSha) is not null;

    /// <summary>The commit: as given, or the job's; else asks how to name one.</summary>
    public string Commit(string? given)
    {
        var sha = given is { Length: > 0 } and not "HEAD" ? given : this.Alias("MLOPS_COMMIT_SHA", "CML_COMMIT_SHA") ?? this.Job.CommitSha;
        return sha is not null && sha.Length is >= 7 and <= 64 && sha.All(char.IsAsciiHexDigit)
            ? sha
            : throw new CliException(
                sha is null ? "which commit? Give --commit-sha, or set GITHUB_SHA as GitHub Actions does" : $"'{sha}' is no commit id",
                ExitCode.Usage);
    }

    /// <summary>Which run speaks.</summary>
    public StickyStamp Stamp(string commit) => new(commit, this.Job.RunId, this.Job.RunAttempt);

    // How long one call may be retried, in seconds; jobs with a tight limit of their own set it lower.
    private TimeSpan Deadline() => this.Alias("MLOPS_FORGE_DEADLINE") is not { } text ? new ForgeOptions().Deadline
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600 ? TimeSpan.FromSeconds(seconds)
        : throw new CliException($"MLOPS_FORGE_DEADLINE should be 1 to 3600 seconds and is '{text}'", ExitCode.Usage);

    private static readonly string[] TokenVariables = ["MLOPS_TOKEN", "CML_TOKEN", "CML_DRIVER_TOKEN", "REPO_TOKEN", "repo_token", "GITHUB_TOKEN"];

    private string? Token()
    {
        if (this.parsed.GetResult(TokenOption) is not null && this.parsed.GetValue(TokenOption) is { Length: > 0 } given)
            return given;
        return this.Alias("MLOPS_TOKEN") ?? this.cml?.Named("TOKEN") ?? this.cml?.Named("DRIVER_TOKEN")
            ?? this.Alias("CML_TOKEN", "CML_DRIVER_TOKEN", "REPO_TOKEN", "repo_token") ?? this.Job.Token ?? this.Alias("GITHUB_TOKEN");
    }

    private string? RepositoryAsNamed() =>
        this.parsed.GetValue(RepositoryOption) ?? this.Alias("MLOPS_REPOSITORY") ?? this.cml?.Named("REPO") ?? this.Alias("CML_REPO");

    private long? Number(params string[] names) => this.Alias(names) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= int.MaxValue ? number
        : throw new CliException($"{string.Join(" or ", names)} should be a pull request's number and is '{text}'", ExitCode.Usage);

    private string? Alias(params string[] names) => names.Select(this.context.Variable).FirstOrDefault(value => value is not null);

    // CML takes the repository's address: https://host/owner/name.
    private static string? SlugOf(string? repository) =>
        Uri.TryCreate(repository, UriKind.Absolute, out var uri) ? uri.AbsolutePath.Trim('/').Replace(".git", "", StringComparison.Ordinal) : repository;
}
