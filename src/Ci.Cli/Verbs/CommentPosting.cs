using Ci.Forges;

namespace Ci.Cli.Verbs;

/// <summary>One file that becomes one comment: read, its pictures published, posted.</summary>
internal sealed class CommentPosting(CliContext context, ForgeSettings settings, IForge forge, CommentTarget target)
{
    public required string Path { get; init; }

    /// <summary>Null posts a comment without a marker.</summary>
    public required string? Key { get; init; }

    public required string Commit { get; init; }

    public required bool Publishes { get; init; }

    public CommentTarget Target => target;

    public async Task<StickyOutcome> PostAsync(CancellationToken ct)
    {
        var markdown = MarkdownFile.Read(this.Path);
        if (this.Publishes)
        {
            markdown = await MarkdownFile.PublishImagesAsync(
                markdown, this.Path, forge, AssetScope.Of(target), settings.Job.RunUrl, text => context.Note($"mlops: {text}"), ct);
        }

        return this.Key is null
            ? await PlainComment.PostAsync(forge.Comments, target, markdown, ct)
            : await StickyComment.PutAsync(forge.Comments, target, this.Key, markdown, settings.Stamp(this.Commit), ct);
    }
}
