using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Forges;
using Ci.Jobs;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops asset publish|prune</c>: files kept beside the repository.</summary>
internal static class AssetVerb
{
    public const string Summary = "Publish files beside the repository, and remove them again.";

    private static readonly Argument<string> File = new("file") { Description = "The file to publish, at most 10 MiB." };
    private static readonly Option<bool> Md = new("--md") { Description = "Write Markdown: an image for pictures and films, else a link." };
    private static readonly Option<string> Title = new("--title", "-t") { Description = "The title in Markdown. Default: for links the file's name." };
    private static readonly Option<bool> Native = new("--native", "--gitlab-uploads") { Description = "CML's word for keeping files beside the repository, which we always do.", Hidden = true };
    private static readonly Option<string> MimeType = new("--mime-type") { Description = "The media type. Default: by the file's ending." };
    private static readonly Option<bool> RemoveWatermark = new("--rm-watermark") { Description = "CML's mark in addresses; ours bear none.", Hidden = true };
    private static readonly Option<string> Url = new("--url") { Description = "CML's file server; we use none.", Hidden = true };
    private static readonly Option<string> Output = new("--file", "-f") { Description = "Append the answer to this file instead of printing it." };
    private static readonly Option<int?> Pr = new("--pr") { Description = "The pull request that the file belongs to, and goes with. Default: the job's; without one the file stays." };
    private static readonly Option<int?> PrunedPr = new("--pr") { Description = "The pull request. Default: the job's." };

    public static Command Create(CliContext context)
    {
        var publish = ForgeSettings.AddTo(new Command("publish", "Publish a file; prints its address.") { File, Md, Title, Native, MimeType, RemoveWatermark, Url, Output, Pr });
        return new Command("asset", Summary)
        {
            publish.Does(context, (parsed, ct) => PublishAsync(context, parsed, ct)),
            CreatePrune(context, "Remove the files that were published for a pull request; for when it closes."),
        };
    }

    /// <summary>The same verb stands below <c>comment</c>.</summary>
    public static Command CreatePrune(CliContext context, string summary) =>
        ForgeSettings.AddTo(new Command("prune", summary) { PrunedPr }).Does(context, (parsed, ct) => PruneAsync(context, parsed, ct));

    private static async Task<int> PublishAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var cml = new CmlVariables(context, parsed, "CML_ASSET", "CML_PUBLISH");
        var file = new FileInfo(context.FullPath(parsed.GetRequiredValue(File)));
        if (!file.Exists)
            throw new CliException($"{file.FullName} does not exist: name the file to publish");
        if (file.Length > LocalImage.Largest)
            throw new CliException($"{file.FullName} has {file.Length} bytes, and 10 MiB are the most that is published: keep it as an artifact of the job");
        var settings = ForgeSettings.Of(context, parsed, cml);
        using var forge = settings.Open();
        var assets = forge.Assets ?? throw new CliException($"{forge.Description} takes no files beside the repository: keep it as an artifact of the job");
        var scope = settings.PullRequest(parsed.GetValue(Pr)) is { } number ? AssetScope.OfPullRequest(number) : AssetScope.Commits;
        var type = cml.Text(MimeType) ?? TypeOf(file.Extension);
        var address = await assets.PublishAsync(scope, file.Name, await System.IO.File.ReadAllBytesAsync(file.FullName, ct), type, ct);
        var text = cml.Flag(Md) ? Markdown(address, type, cml.Text(Title), file.Name) : address.AbsoluteUri;
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["url"] = address.AbsoluteUri, ["type"] = type });
        else if (cml.Text(Output) is { } output)
            Append(context.FullPath(output), text);
        else
            context.Line(text);
        return ExitCode.Ok;
    }

    private static async Task<int> PruneAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var settings = ForgeSettings.Of(context, parsed);
        var number = settings.PullRequest(parsed.GetValue(PrunedPr)) ?? throw new CliException("which pull request? Give --pr NUMBER; this job runs for none", ExitCode.Usage);
        using var forge = settings.Open();
        var removed = forge.Assets is { } assets ? await assets.PruneAsync(AssetScope.OfPullRequest(number), ct) : 0;
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["removed"] = removed });
        else
            context.Line(removed == 0 ? $"#{number} has no published files" : string.Create(CultureInfo.InvariantCulture, $"published files of #{number} removed"));
        return ExitCode.Ok;
    }

    private static string Markdown(Uri address, string type, string? title, string name)
    {
        var isShown = type.StartsWith("image/", StringComparison.Ordinal) || type.StartsWith("video/", StringComparison.Ordinal);
        var text = LogText.Line(title ?? (isShown ? "" : name), 200);
        return isShown
            ? $"![]({address.AbsoluteUri}{(text.Length > 0 ? $" \"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : "")})"
            : $"[{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)}]({address.AbsoluteUri})";
    }

    private static string TypeOf(string extension) => LocalImage.ContentType(extension) ?? extension.ToLowerInvariant() switch
    {
        ".mp4" => "video/mp4",
        ".webm" => "video/webm",
        ".html" => "text/html",
        ".csv" => "text/csv",
        ".md" or ".txt" => "text/plain",
        ".json" => "application/json",
        ".pdf" => "application/pdf",
        _ => "application/octet-stream",
    };

    private static void Append(string path, string text)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
    }
}
