using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Forges;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops comment create|update</c>: the sticky comment.</summary>
internal static class CommentVerb
{
    private static readonly Argument<string> File = new("file") { Description = "The Markdown file to post." };
    private static readonly Option<string> Key = new("--key", "-k") { Description = "What the comment is about: one comment a key. Default: comment, or the value of --watermark-title." };
    private static readonly Option<int?> Pr = new("--pr") { Description = "The pull request. Default: the job's." };
    private static readonly Option<string> CommitSha = new("--commit-sha", "--head-sha") { Description = "The commit reported on. Default: the job's." };
    private static readonly Option<string> Target = new("--target") { Description = "Where the comment goes: auto, pr, pr/NUMBER, commit or commit/SHA.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<string> Title = new("--watermark-title") { Description = "CML's name for --key; characters that a key cannot have become '-'." };
    private static readonly Option<bool> Publish = new("--publish") { Description = "Publish local images; on by default.", DefaultValueFactory = _ => true };

    public static Command Create(CliContext context)
    {
        var verb = new Command("comment", "Post a report on a pull request or commit, and keep it one comment.");
        verb.Subcommands.Add(Subverb(context, "create", "Post the file, or bring our comment of that key up to date.", mustExist: false));
        verb.Subcommands.Add(Subverb(context, "update", "Bring our comment of that key up to date; an error where there is none.", mustExist: true));
        return verb;
    }

    private static Command Subverb(CliContext context, string name, string summary, bool mustExist)
    {
        var command = ForgeSettings.AddTo(new Command(name, summary) { File, Key, Pr, CommitSha, Target, Title, Publish });
        return command.Does(context, (parsed, ct) => RunAsync(context, parsed, mustExist, ct));
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, bool mustExist, CancellationToken ct)
    {
        var path = context.FullPath(parsed.GetRequiredValue(File));
        var markdown = MarkdownFile.Read(path);
        var settings = ForgeSettings.Of(context, parsed);
        var target = FindTarget(settings, parsed);
        // The stamp wants a commit; on a laptop there may be none to name.
        var commit = parsed.GetValue(CommitSha) is { } given ? settings.Commit(given) : settings.Job.CommitSha ?? target.Commit ?? "";
        var key = KeyOf(parsed);
        using var forge = settings.Open();
        if (mustExist && await StickyComment.FindAsync(forge.Comments, target, key, ct) is null)
            throw new CliException($"{target} has no comment of ours with the key '{key}': `mlops comment create` makes it");
        if (parsed.GetValue(Publish))
            markdown = await PublishAsync(context, markdown, path, forge, ct);
        var outcome = await StickyComment.PutAsync(forge.Comments, target, key, markdown, settings.Stamp(commit), ct);
        Tell(context, parsed, outcome, target);
        settings.Job.SetOutput("comment-url", outcome.Url.AbsoluteUri);
        return ExitCode.Ok;
    }

    // A report without pictures is worth more than none: a token that may comment only still does.
    private static async Task<string> PublishAsync(CliContext context, string markdown, string path, IForge forge, CancellationToken ct)
    {
        try
        {
            return await MarkdownFile.PublishImagesAsync(markdown, path, forge, text => context.Note($"mlops: {text}"), ct);
        }
        catch (ForgeRefusedException refusal)
        {
            context.Note($"mlops: pictures are not published: {refusal.Message}");
            return markdown;
        }
    }

    private static string KeyOf(ParseResult parsed)
    {
        if (parsed.GetValue(Key) is { } key)
            return key;
        var title = parsed.GetValue(Title) ?? "comment";
        var letters = title.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' ? c : '-').ToArray();
        return string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
    }

    private static CommentTarget FindTarget(ForgeSettings settings, ParseResult parsed)
    {
        var asked = parsed.GetValue(Target)!.Split('/', 2);
        switch (asked[0])
        {
            case "pr" when asked.Length == 2:
                return int.TryParse(asked[1], out var number) && number > 0 ? number : throw Unknown(parsed);
            case "pr":
                return settings.PullRequest(parsed.GetValue(Pr))
                    ?? throw new CliException("which pull request? Give --pr NUMBER; this job runs for none", ExitCode.Usage);
            case "commit":
                return CommentTarget.OfCommit(settings.Commit(asked.Length == 2 ? asked[1] : parsed.GetValue(CommitSha)));
            case "auto":
                return settings.PullRequest(parsed.GetValue(Pr)) is { } found ? found : CommentTarget.OfCommit(settings.Commit(parsed.GetValue(CommitSha)));
            default:
                throw Unknown(parsed);
        }
    }

    private static CliException Unknown(ParseResult parsed) =>
        new($"--target is auto, pr, pr/NUMBER, commit or commit/SHA, not '{parsed.GetValue(Target)}'", ExitCode.Usage);

    private static void Tell(CliContext context, ParseResult parsed, StickyOutcome outcome, CommentTarget target)
    {
        var action = outcome.Action.ToString().ToLowerInvariant();
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["action"] = action, ["url"] = outcome.Url.AbsoluteUri, ["id"] = outcome.Id });
        else
            context.Line($"comment on {target} {(outcome.Action == StickyAction.Outdated ? "left alone: a newer run wrote it" : action)}: {outcome.Url}");
    }
}
