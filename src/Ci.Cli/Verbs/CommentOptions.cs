using System.CommandLine;

namespace Ci.Cli.Verbs;

/// <summary>The options of <c>mlops comment</c>: ours, and those of CML.</summary>
internal static class CommentOptions
{
    public static readonly Argument<string?> File = new("file") { Description = "The Markdown file to post.", Arity = ArgumentArity.ZeroOrOne };
    public static readonly Option<string> Key = new("--key", "-k") { Description = "What the comment is about: one comment a key. Default: comment, or the value of --watermark-title." };
    public static readonly Option<string> Pr = new("--pr") { Description = "The pull request's number. Default: the job's. Without a number: the pull request of the commit, never the commit.", Arity = ArgumentArity.ZeroOrOne };
    public static readonly Option<string> CommitSha = new("--commit-sha", "--head-sha") { Description = "The commit reported on. Default: the job's. Without --pr and --target the comment goes there." };
    public static readonly Option<string> Target = new("--target") { Description = "Where the comment goes: auto, pr, pr/NUMBER, commit, commit/SHA or issue/NUMBER. Default: auto, the pull request, or else the commit." };
    public static readonly Option<string> Title = new("--watermark-title") { Description = "CML's name for --key; characters that a key cannot have become '-', {workflow} and {run} the job's." };
    public static readonly Option<bool> Publish = new("--publish") { Description = "Publish local images; on by default.", DefaultValueFactory = _ => true };
    public static readonly Option<bool> NoPublish = new("--no-publish") { Description = "Leave local images as they are." };
    public static readonly Option<bool> Native = new("--publish-native", "--native") { Description = "CML's word for keeping images beside the repository, which we always do.", Hidden = true };
    public static readonly Option<string> PublishUrl = new("--publish-url") { Description = "CML's image server; we use none.", Hidden = true };
    public static readonly Option<bool> Update = new("--update") { Description = "CML's older word for `comment update`.", Hidden = true };
    public static readonly Option<bool> RemoveWatermark = new("--rm-watermark") { Description = "Post without the hidden marker: a new comment each time, which is never found again." };
    public static readonly Option<bool> Watch = new("--watch") { Description = "Post again whenever the file or its images have changed, until interrupted." };
    public static readonly Option<string> TriggerFile = new("--trigger-file") { Description = "With --watch: post when this file appears, and remove it." };

    public static readonly IReadOnlyList<Option> All =
        [Key, Pr, CommitSha, Target, Title, Publish, NoPublish, Native, PublishUrl, Update, RemoveWatermark, Watch, TriggerFile];

    /// <summary>CML's prefixes of environment variables.</summary>
    public static readonly string[] Prefixes = ["CML_COMMENT", "CML_SEND_COMMENT"];

    /// <summary>The file, and what --pr says: CML's <c>--pr</c> takes no number, so the word behind it may be the file.</summary>
    public static (string File, string? Pr) FileAndPull(ParseResult parsed)
    {
        var (file, pr) = (parsed.GetValue(File), CmlVariables.IsGiven(parsed, Pr) ? parsed.GetValue(Pr) ?? "true" : null);
        if (file is null && pr is not null and not "true" and not "false" && !pr.All(char.IsAsciiDigit))
            (file, pr) = (pr, "true");
        return (file ?? throw new CliException("which file? Name the Markdown file to post", ExitCode.Usage), pr == "false" ? null : pr);
    }
}
