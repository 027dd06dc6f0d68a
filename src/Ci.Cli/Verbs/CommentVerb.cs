using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Forges;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops comment create|update|prune</c>: the sticky comment, and the end of its pictures.</summary>
internal static class CommentVerb
{
    private const int LongestTitle = 80;

    public static Command Create(CliContext context)
    {
        var verb = new Command("comment", "Post a report on a pull request or commit, and keep it one comment.");
        verb.Subcommands.Add(Subverb(context, "create", "Post the file, or bring our comment of that key up to date."));
        verb.Subcommands.Add(Subverb(context, "update", "The same as create, under the name that CML has for it."));
        verb.Subcommands.Add(AssetVerb.CreatePrune(context, "Remove the pictures that comments on a pull request have published; for when it closes."));
        return verb;
    }

    private static Command Subverb(CliContext context, string name, string summary)
    {
        var command = ForgeSettings.AddTo(new Command(name, summary) { CommentOptions.File });
        foreach (var option in CommentOptions.All)
            command.Options.Add(option);
        return command.Does(context, (parsed, ct) => RunAsync(context, parsed, ct));
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var cml = new CmlVariables(context, parsed, CommentOptions.Prefixes);
        var (file, pr) = CommentOptions.FileAndPull(parsed);
        var path = context.FullPath(file);
        var isWatching = cml.Flag(CommentOptions.Watch);
        if (!isWatching)
            _ = MarkdownFile.Read(path);
        var settings = ForgeSettings.Of(context, parsed, cml);
        var isSticky = !cml.Flag(CommentOptions.RemoveWatermark);
        var key = KeyOf(context, settings, parsed, cml, isSticky);
        if (cml.Text(CommentOptions.PublishUrl) is not null)
            context.Note("mlops: --publish-url is passed over: pictures are kept beside the repository, on no server of ours");
        using var forge = settings.Open();
        var target = await CommentPlace.FindAsync(settings, forge, parsed, cml, pr, ct);
        var posting = new CommentPosting(context, settings, forge, target)
        {
            Path = path,
            Key = isSticky ? key : null,
            // The stamp wants a commit; on a laptop there may be none to name.
            Commit = cml.Text(CommentOptions.CommitSha) is { } given ? settings.Commit(given) : settings.Job.CommitSha ?? target.Commit ?? "",
            Publishes = cml.Flag(CommentOptions.Publish) && !cml.Flag(CommentOptions.NoPublish),
        };
        if (isWatching)
            return await new CommentWatch(context, posting, cml.Text(CommentOptions.TriggerFile)).RunAsync(ct);
        var outcome = await posting.PostAsync(ct);
        Tell(context, parsed, outcome, target);
        settings.Job.SetOutput("comment-url", outcome.Url.AbsoluteUri);
        return ExitCode.Ok;
    }

    private static string KeyOf(CliContext context, ForgeSettings settings, ParseResult parsed, CmlVariables cml, bool isSticky)
    {
        if (!isSticky && (cml.Flag(CommentOptions.Update) || parsed.CommandResult.Command.Name == "update" || parsed.GetValue(CommentOptions.Key) is not null || cml.Text(CommentOptions.Title) is { Length: > 0 }))
            throw new CliException("--rm-watermark leaves nothing to find the comment by: it goes with neither update, --key nor --watermark-title", ExitCode.Usage);
        if (parsed.GetValue(CommentOptions.Key) is { } key)
            return key;
        if (cml.Text(CommentOptions.Title) is not { Length: > 0 } title)
            return "comment";
        title = title
            .Replace("{workflow}", context.Variable("GITHUB_WORKFLOW") ?? context.Variable("CI_PIPELINE_ID") ?? "", StringComparison.Ordinal)
            .Replace("{run}", settings.Job.RunId.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var letters = title.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' ? c : '-').ToArray();
        var plain = string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        // A title that would lose what tells it from others keeps a digest of it.
        return plain.Length is > 0 and <= LongestTitle && title.All(char.IsAscii)
            ? plain
            : $"{(plain.Length > LongestTitle ? plain[..LongestTitle] : plain)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title)))[..10]}".TrimStart('-');
    }

    // The address alone is the answer, as CML prints it; what became of the comment is told beside it.
    private static void Tell(CliContext context, ParseResult parsed, StickyOutcome outcome, CommentTarget target)
    {
        var action = outcome.Action.ToString().ToLowerInvariant();
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject { ["action"] = action, ["url"] = outcome.Url.AbsoluteUri, ["id"] = outcome.Id });
            return;
        }

        context.Note($"comment on {target} {(outcome.Action == StickyAction.Outdated ? "left alone: a newer run wrote it" : action)}");
        context.Line(outcome.Url.AbsoluteUri);
    }
}
