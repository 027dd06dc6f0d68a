using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ci.Forges;

namespace Ci.Cli.Verbs;

/// <summary>
/// <c>--watch</c>: posts again whenever the file or a picture of it has changed and then rested for a moment, so that a report which is
/// being written costs one write. Ends at an interruption, after the last content is posted.
/// </summary>
internal sealed class CommentWatch(CliContext context, CommentPosting posting, string? triggerFile)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastPost = TimeSpan.FromSeconds(20);

    private readonly string? trigger = triggerFile is null ? null : context.FullPath(triggerFile);
    private string? posted;

    public async Task<int> RunAsync(CancellationToken ct)
    {
        context.Note($"mlops: watching {posting.Path} for changes; Ctrl-C ends it");
        try
        {
            while (true)
            {
                if (await this.ChangedAsync(ct) is { } now)
                    await this.PostAsync(now, ct);
                await Task.Delay(Look, context.Time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(LastPost, context.Time);
            if (this.Fingerprint() is { } last && last != this.posted && this.trigger is null)
                await this.PostAsync(last, limit.Token);
            return ExitCode.Ok;
        }
    }

    // The content to post, once it has rested; null while there is nothing new.
    private async Task<string?> ChangedAsync(CancellationToken ct)
    {
        if (this.trigger is not null && !File.Exists(this.trigger))
            return null;
        var seen = this.Fingerprint();
        if (seen is null || (seen == this.posted && this.trigger is null))
            return null;
        var since = context.Time.GetTimestamp();
        while (context.Time.GetElapsedTime(since) < Rest)
        {
            await Task.Delay(Look, context.Time, ct);
            if (this.Fingerprint() is { } again && again != seen)
                (seen, since) = (again, context.Time.GetTimestamp());
        }

        return seen;
    }

    private async Task PostAsync(string now, CancellationToken ct)
    {
        try
        {
            var outcome = await posting.PostAsync(ct);
            this.posted = now;
            if (this.trigger is not null)
                File.Delete(this.trigger);
            context.Note($"comment on {posting.Target} {outcome.Action.ToString().ToLowerInvariant()}");
            if (outcome.Action != StickyAction.Unchanged)
                context.Line(outcome.Url.AbsoluteUri);
        }
        catch (ForgeUnavailableException error)
        {
            // The next look tries again: whoever watches waits anyway.
            context.Note($"mlops: {error.Message}");
        }
    }

    // The text, and of its pictures what a change of them changes; null while there is no text to post.
    private string? Fingerprint()
    {
        try
        {
            if (!File.Exists(posting.Path) || new FileInfo(posting.Path).Length == 0)
                return null;
            var markdown = MarkdownFile.Read(posting.Path);
            var all = new StringBuilder(markdown);
            var folder = Path.GetDirectoryName(posting.Path)!;
            foreach (var image in MarkdownImages.Find(markdown).Where(i => MarkdownFile.IsLocal(i.Target)))
            {
                if (LocalImage.PathOf(folder, image.Target) is { } path && new FileInfo(path) is { Exists: true } file)
                    all.Append(CultureInfo.InvariantCulture, $"\0{image.Target}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}");
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CliException)
        {
            // Half-written, or replaced in this moment: the next look sees it whole.
            return null;
        }
    }
}
