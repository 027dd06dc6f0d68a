using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Forges;
using Ci.Git;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops pr create</c>: files that the job made become a commit on a branch, and that a pull request.</summary>
internal static class PullRequestVerb
{
    private static readonly Argument<string[]> Globs = new("glob") { Description = "Files to commit (paths or patterns such as 'metrics/*.json'). None: the branch is pushed already.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string> Title = new("--title") { Description = "Default: the message's first line." };
    private static readonly Option<string> Body = new("--body") { Description = "Markdown. Default: says which commit it is made from." };
    private static readonly Option<string> Branch = new("--branch") { Description = "The head branch. Default: with files one named by their content, else the current branch." };
    private static readonly Option<string> TargetBranch = new("--target-branch", "--base") { Description = "Where it goes. Default: with files the current branch, else main." };
    private static readonly Option<string> Message = new("--message") { Description = "The commit's message." };
    private static readonly Option<bool> SkipCi = new("--skip-ci") { Description = "Add [skip ci] to the commit's message; so it is by itself without --message and without a merge." };
    private static readonly Option<string> Remote = new("--remote") { Description = "Where to push.", DefaultValueFactory = _ => "origin" };
    private static readonly Option<bool> Md = new("--md") { Description = "Write the answer as a link of Markdown." };
    private static readonly Option<string> UserEmail = new("--user-email") { Description = "Who commits.", DefaultValueFactory = _ => new GitOptions().AuthorEmail };
    private static readonly Option<string> UserName = new("--user-name") { Description = "Who commits.", DefaultValueFactory = _ => new GitOptions().AuthorName };
    private static readonly Option<bool> Merge = new("--merge", "--auto-merge") { Description = "Merge at once, with a merge commit." };
    private static readonly Option<bool> Squash = new("--squash") { Description = "Merge at once, squashed." };
    private static readonly Option<bool> Rebase = new("--rebase") { Description = "Merge at once, rebased." };

    public static Command Create(CliContext context)
    {
        var create = ForgeSettings.AddTo(new Command("create", "Open a pull request; an open one from and to the same branches is found again.")
        {
            Globs, Title, Body, Branch, TargetBranch, Message, SkipCi, Remote, Md, UserEmail, UserName, Merge, Squash, Rebase,
        });
        return new Command("pr", "Open pull requests.") { create.Does(context, (parsed, ct) => RunAsync(context, parsed, ct)) };
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var cml = new CmlVariables(context, parsed, "CML_PR");
        var method = Method(cml);
        var settings = ForgeSettings.Of(context, parsed, cml);
        var options = new GitOptions { Token = settings.Address().Token, AuthorName = cml.Text(UserName)!, AuthorEmail = cml.Text(UserEmail)! };
        var repository = await GitRepository.OpenAsync(context.WorkingDirectory, options, ct);
        var current = await repository.CurrentBranchAsync(ct) ?? settings.Job.Branch;
        var head = cml.Text(Branch);
        var target = cml.Text(TargetBranch);
        if (parsed.GetValue(Globs) is { Length: > 0 } globs)
        {
            target ??= current ?? throw new CliException("no branch is checked out: give --target-branch", ExitCode.Usage);
            head = await PushAsync(context, cml, repository, globs, head, target, skipCi: cml.Flag(SkipCi) || (cml.Text(Message) is null && method is null), ct);
            if (head is null)
            {
                Tell(context, parsed, cml, null);
                return ExitCode.Ok;
            }
        }

        head ??= current ?? throw new CliException("no branch is checked out: give --branch", ExitCode.Usage);
        target ??= "main";
        using var forge = settings.Open();
        var pull = await forge.PullRequests.OpenAsync(TitleOf(cml, head), BodyOf(cml, settings), head, target, ct);
        if (method is { } how)
            pull = await forge.PullRequests.MergeAsync(pull.Number, how, pull.HeadSha, ct);
        Tell(context, parsed, cml, pull);
        return ExitCode.Ok;
    }

    private static MergeMethod? Method(CmlVariables cml)
    {
        var asked = new List<MergeMethod>();
        if (cml.Flag(Merge))
            asked.Add(MergeMethod.Merge);
        if (cml.Flag(Squash))
            asked.Add(MergeMethod.Squash);
        if (cml.Flag(Rebase))
            asked.Add(MergeMethod.Rebase);
        return asked.Count > 1 ? throw new CliException("give one of --merge, --squash and --rebase", ExitCode.Usage) : asked.Count == 1 ? asked[0] : null;
    }

    // The branch is named by what it holds: the same files proposed again are the same branch, whoever was interrupted where.
    private static async Task<string?> PushAsync(
        CliContext context, CmlVariables cml, GitRepository repository, string[] globs, string? branch, string target, bool skipCi, CancellationToken ct)
    {
        var changes = await PullRequestFiles.FindAsync(context, repository, globs, ct);
        var start = await repository.ResolveAsync("HEAD", ct) ?? throw new CliException("the repository has no commit yet: commit first");
        if (changes.Count == 0)
            return null;
        var tree = await repository.WriteTreeAsync(start, changes, ct);
        if (tree == await repository.TreeOfAsync(start, ct))
            return null;
        var name = branch ?? $"mlops-pr-{target.Replace('/', '-')}-{start[..8]}-{tree[..8]}";
        var remote = cml.Text(Remote)!;
        var there = (await repository.RemoteRefsAsync(remote, [$"refs/heads/{name}"], ct)).GetValueOrDefault($"refs/heads/{name}");
        if (there is not null && branch is null)
            return name;
        var message = cml.Text(Message) ?? $"Update {string.Join(", ", changes.Keys.Take(3))}{(changes.Count > 3 ? $" and {changes.Count - 3} more" : "")}";
        var commit = await repository.CommitTreeAsync(tree, [start], message + (skipCi ? "\n\n[skip ci]" : ""), ct);
        return await repository.PushAsync(remote, [new RefUpdate($"refs/heads/{name}", commit, there)], ct) == PushOutcome.Accepted
            ? name
            : throw new CliException($"somebody moved {name} at {remote} meanwhile: run it again");
    }

    private static string TitleOf(CmlVariables cml, string head) =>
        cml.Text(Title) ?? cml.Text(Message)?.Split('\n')[0] ?? $"Changes of {head}";

    private static string BodyOf(CmlVariables cml, ForgeSettings settings)
    {
        if (cml.Text(Body) is { } body)
            return body;
        var text = new StringBuilder("Opened by `mlops pr create`");
        if (settings.Job.CommitSha is { } sha)
            text.Append(" from ").Append(sha);
        if (settings.Job.RunUrl is { } run)
            text.Append(" in [this run](").Append(run).Append(')');
        return text.Append('.').ToString();
    }

    // The address alone is the answer, as CML prints it; what became of the pull request is told beside it.
    private static void Tell(CliContext context, ParseResult parsed, CmlVariables cml, PullRequest? pull)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(pull is null
                ? new JsonObject { ["state"] = "unchanged" }
                : new JsonObject { ["number"] = pull.Number, ["state"] = pull.State.ToString().ToLowerInvariant(), ["url"] = pull.Url.AbsoluteUri, ["head"] = pull.HeadSha, ["branch"] = pull.HeadBranch });
            return;
        }

        context.Note(pull is null ? "the files are as the branch has them: nothing to propose" : $"pull request #{pull.Number} {pull.State.ToString().ToLowerInvariant()}");
        if (pull is not null)
            context.Line(cml.Flag(Md) ? $"[Pull request #{pull.Number}]({pull.Url.AbsoluteUri})" : pull.Url.AbsoluteUri);
    }
}
