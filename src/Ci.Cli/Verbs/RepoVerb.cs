using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Jobs;

namespace Ci.Cli.Verbs;

/// <summary>
/// <c>mlops repo prepare</c>: history, identity and credentials for a clone that a job made. All settings go into this repository's own
/// configuration, never into the user's or the machine's, and the token into none.
/// </summary>
internal static class RepoVerb
{
    public const string Summary = "Prepare a job's clone: history, identity, credentials.";

    private static readonly Option<string> FetchDepth = new("--fetch-depth") { Description = "How many commits to fetch; 0 fetches all branches and tags whole." };
    private static readonly Option<bool> Unshallow = new("--unshallow") { Description = "The same as --fetch-depth 0." };
    private static readonly Option<string> UserEmail = new("--user-email") { Description = "Who commits here.", DefaultValueFactory = _ => new GitOptions().AuthorEmail };
    private static readonly Option<string> UserName = new("--user-name") { Description = "Who commits here.", DefaultValueFactory = _ => new GitOptions().AuthorName };
    private static readonly Option<string> Remote = new("--remote") { Description = "The remote.", DefaultValueFactory = _ => "origin" };

    public static Command Create(CliContext context)
    {
        var prepare = ForgeSettings.AddTo(new Command("prepare", "Fetch history, and set who commits and how Git signs in, in this repository alone.") { FetchDepth, Unshallow, UserEmail, UserName, Remote });
        return new Command("repo", Summary) { prepare.Does(context, (parsed, ct) => RunAsync(context, parsed, ct)) };
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var cml = new CmlVariables(context, parsed, "CML_REPO", "CML_CI");
        var settings = ForgeSettings.Of(context, parsed, cml);
        var token = settings.NamesRepository ? settings.Address().Token : null;
        var repository = await GitRepository.OpenAsync(context.WorkingDirectory, new GitOptions { Token = token, Environment = context.Environment }, ct);
        await repository.SetLocalAsync("user.name", cml.Text(UserName)!, ct);
        await repository.SetLocalAsync("user.email", cml.Text(UserEmail)!, ct);
        var remote = cml.Text(Remote)!;
        if (settings.TokenVariable is { } variable)
            await repository.UseTokenOfAsync(variable, remote, ct);
        else
            context.Note("mlops: no token in the environment: Git signs in as it did before");
        var depth = Depth(cml);
        var fetched = depth is null || await repository.DeepenAsync(remote, depth.Value, ct);
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["path"] = repository.Path, ["fetched"] = depth is not null && fetched, ["credentials"] = settings.TokenVariable });
        else
            context.Line($"{repository.Path} is prepared");
        return ExitCode.Ok;
    }

    private static int? Depth(CmlVariables cml)
    {
        if (cml.Text(FetchDepth) is not { } text)
            return cml.Flag(Unshallow) ? 0 : null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var depth)
            ? Math.Max(0, depth)
            : throw new CliException($"--fetch-depth is a number of commits, not '{LogText.Line(text, 40)}'", ExitCode.Usage);
    }
}
