using System.CommandLine;
using System.IO.Enumeration;
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
    private static readonly Option<bool> SkipCi = new("--skip-ci") { Description = "Add [skip ci] to the commit's message." };
    private static readonly Option<string> Remote = new("--remote") { Description = "Where to push.", DefaultValueFactory = _ => "origin" };
    private static readonly Option<bool> Merge = new("--merge") { Description = "Merge at once, with a merge commit." };
    private static readonly Option<bool> Squash = new("--squash") { Description = "Merge at once, squashed." };
    private static readonly Option<bool> Rebase = new("--rebase") { Description = "Merge at once, rebased." };

    public static Command Create(CliContext context)
    {
        var create = ForgeSettings.AddTo(new Command("create", "Open a pull request; an open one from and to the same branches is found again.")
        {
            Globs, Title, Body, Branch, TargetBranch, Message, SkipCi, Remote, Merge, Squash, Rebase,
        });
        return new Command("pr", "Open pull requests.") { create.Does(context, (parsed, ct) => RunAsync(context, parsed, ct)) };
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var method = Method(parsed);
        var settings = ForgeSettings.Of(context, parsed);
        var options = new GitOptions { Token = settings.Address().Token };
        var repository = await GitRepository.OpenAsync(context.WorkingDirectory, options, ct);
        var current = await repository.CurrentBranchAsync(ct) ?? settings.Job.Branch;
        var head = parsed.GetValue(Branch);
        var target = parsed.GetValue(TargetBranch);
        if (parsed.GetValue(Globs) is { Length: > 0 } globs)
        {
            target ??= current ?? throw new CliException("no branch is checked out: give --target-branch", ExitCode.Usage);
            head = await PushAsync(context, parsed, repository, globs, head, target, ct);
            if (head is null)
            {
                Tell(context, parsed, null, "the files are as the branch has them: nothing to propose");
                return ExitCode.Ok;
            }
        }

        head ??= current ?? throw new CliException("no branch is checked out: give --branch", ExitCode.Usage);
        target ??= "main";
        using var forge = settings.Open();
        var pull = await forge.PullRequests.OpenAsync(TitleOf(parsed, head), BodyOf(parsed, settings), head, target, ct);
        if (method is { } how)
            pull = await forge.PullRequests.MergeAsync(pull.Number, how, pull.HeadSha, ct);
        Tell(context, parsed, pull, $"pull request #{pull.Number} {pull.State.ToString().ToLowerInvariant()}: {pull.Url}");
        return ExitCode.Ok;
    }

    private static MergeMethod? Method(ParseResult parsed)
    {
        var asked = new[] { (Merge, MergeMethod.Merge), (Squash, MergeMethod.Squash), (Rebase, MergeMethod.Rebase) }.Where(o => parsed.GetValue(o.Item1)).ToList();
        return asked.Count > 1 ? throw new CliException("give one of --merge, --squash and --rebase", ExitCode.Usage) : asked.Count == 1 ? asked[0].Item2 : null;
    }

    // The branch is named by what it holds: the same files proposed again are the same branch, whoever was interrupted where.
    private static async Task<string?> PushAsync(
        CliContext context, ParseResult parsed, GitRepository repository, string[] globs, string? branch, string target, CancellationToken ct)
    {
        var changes = Files(context, repository, globs);
        var start = await repository.ResolveAsync("HEAD", ct) ?? throw new CliException("the repository has no commit yet: commit first");
        var tree = await repository.WriteTreeAsync(start, changes, ct);
        if (tree == await repository.TreeOfAsync(start, ct))
            return null;
        var name = branch ?? $"mlops-pr-{target.Replace('/', '-')}-{start[..8]}-{tree[..8]}";
        var remote = parsed.GetValue(Remote)!;
        var there = (await repository.RemoteRefsAsync(remote, [$"refs/heads/{name}"], ct)).GetValueOrDefault($"refs/heads/{name}");
        if (there is not null && branch is null)
            return name;
        var message = parsed.GetValue(Message) ?? $"Update {string.Join(", ", changes.Keys.Take(3))}{(changes.Count > 3 ? $" and {changes.Count - 3} more" : "")}";
        var commit = await repository.CommitTreeAsync(tree, [start], message + (parsed.GetValue(SkipCi) ? "\n\n[skip ci]" : ""), ct);
        return await repository.PushAsync(remote, [new RefUpdate($"refs/heads/{name}", commit, there)], ct) == PushOutcome.Accepted
            ? name
            : throw new CliException($"somebody moved {name} at {remote} meanwhile: run it again");
    }

    private static Dictionary<string, byte[]?> Files(CliContext context, GitRepository repository, string[] globs)
    {
        var changes = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var glob in globs)
        {
            var before = changes.Count;
            foreach (var file in Matching(context.FullPath(glob)))
            {
                var path = Path.GetRelativePath(repository.Path, file).Replace('\\', '/');
                if (!path.StartsWith("..", StringComparison.Ordinal) && !path.StartsWith(".git/", StringComparison.Ordinal))
                    changes[path] = File.ReadAllBytes(file);
            }

            if (changes.Count == before)
                throw new CliException($"'{glob}' names no file of the repository at {repository.Path}");
        }

        return changes;
    }

    // Patterns in the last part alone, as a shell leaves them where nothing matched.
    private static IEnumerable<string> Matching(string path)
    {
        if (File.Exists(path))
            return [path];
        if (Directory.Exists(path))
            return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories);
        var folder = Path.GetDirectoryName(path)!;
        var pattern = Path.GetFileName(path);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(f => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(f), ignoreCase: false))
            : [];
    }

    private static string TitleOf(ParseResult parsed, string head) =>
        parsed.GetValue(Title) ?? parsed.GetValue(Message)?.Split('\n')[0] ?? $"Changes of {head}";

    private static string BodyOf(ParseResult parsed, ForgeSettings settings)
    {
        if (parsed.GetValue(Body) is { } body)
            return body;
        var text = new StringBuilder("Opened by `mlops pr create`");
        if (settings.Job.CommitSha is { } sha)
            text.Append(" from ").Append(sha);
        if (settings.Job.RunUrl is { } run)
            text.Append(" in [this run](").Append(run).Append(')');
        return text.Append('.').ToString();
    }

    private static void Tell(CliContext context, ParseResult parsed, PullRequest? pull, string line)
    {
        if (!parsed.IsJson())
            context.Line(line);
        else
            context.WriteJson(pull is null
                ? new JsonObject { ["state"] = "unchanged" }
                : new JsonObject { ["number"] = pull.Number, ["state"] = pull.State.ToString().ToLowerInvariant(), ["url"] = pull.Url.AbsoluteUri, ["head"] = pull.HeadSha, ["branch"] = pull.HeadBranch });
    }
}
