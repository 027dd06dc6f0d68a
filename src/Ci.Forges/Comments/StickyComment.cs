namespace Ci.Forges;

/// <summary>
/// One comment a key that is always right: found again on any page by its marker, touched only if it is our own, written only when it
/// changes, never by an older run over a newer one, and one even when several jobs create it at once.
/// </summary>
public static class StickyComment
{
    private const int Tries = 4;

    // The marker's own line, and a margin below the forge's limit.
    private const int Margin = 512;

    /// <summary>Creates or updates the comment.</summary>
    /// <param name="comments">The forge's comments.</param>
    /// <param name="target">A pull request (its number will do) or a commit.</param>
    /// <param name="key">What the comment is about; letters, digits and ". _ / -", at most 100.</param>
    /// <param name="body">Markdown; over the forge's limit it is cut at a line's end, and says so.</param>
    /// <param name="stamp">Which run speaks.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ForgeException">See the family; nothing is half-written.</exception>
    public static async Task<StickyOutcome> PutAsync(
        IComments comments, CommentTarget target, string key, string body, StickyStamp stamp, CancellationToken ct = default)
    {
        if (!StickyMarker.IsKey(key))
            throw new ForgeException($"'{key}' cannot be a comment's key: use letters, digits, '.', '_', '/' and '-', at most 100 characters, no '--'");
        if (string.IsNullOrWhiteSpace(body))
            throw new ForgeException("the comment is empty: write something into its file");
        var text = TextLimit.CutLines(body, comments.BodyLimit - Margin);

        for (var attempt = 1; ; attempt++)
        {
            var ours = await OursAsync(comments, target, key, ct);
            if (ours.Count > 0)
                return await SettleAsync(comments, ours, key, text, stamp, created: null, ct);
            try
            {
                var made = await comments.CreateAsync(target, StickyMarker.Mark(key, text, stamp), ct);
                // Another job may have created one in the same moment: the oldest stays, whoever wrote it.
                ours = await OursAsync(comments, target, key, ct);
                return ours.Count == 0
                    ? new StickyOutcome(StickyAction.Created, made.Url, made.Id)
                    : await SettleAsync(comments, ours, key, text, stamp, made.Id, ct);
            }
            catch (ForgeUnavailableException) when (attempt < Tries)
            {
                // The comment may exist although its answer was lost: only looking again tells.
            }
        }
    }

    /// <summary>Our comment of that key; null where there is none.</summary>
    public static async Task<Comment?> FindAsync(IComments comments, CommentTarget target, string key, CancellationToken ct = default)
    {
        var ours = await OursAsync(comments, target, key, ct);
        return ours.Count > 0 ? ours[0].Comment : null;
    }

    private static async Task<StickyOutcome> SettleAsync(
        IComments comments, List<Own> ours, string key, string text, StickyStamp stamp, long? created, CancellationToken ct)
    {
        var keep = ours[0];
        var newest = ours.Aggregate(keep, (a, b) => a.Marker.Stamp.IsOlderThan(b.Marker.Stamp) ? b : a);
        var action = Decide(keep, newest, text, stamp, created);
        if (action == StickyAction.Updated)
            await comments.UpdateAsync(keep.Comment, StickyMarker.Mark(key, text, stamp), ct);
        else if (action == StickyAction.Outdated && newest != keep)
            await comments.UpdateAsync(keep.Comment, newest.Comment.Body, ct);
        foreach (var extra in ours.Skip(1))
            await comments.DeleteAsync(extra.Comment, ct);
        return new StickyOutcome(action, keep.Comment.Url, keep.Comment.Id);
    }

    private static StickyAction Decide(Own keep, Own newest, string text, StickyStamp stamp, long? created)
    {
        if (stamp.IsOlderThan(newest.Marker.Stamp))
            return StickyAction.Outdated;
        // What stands there is compared, not what the marker claims: somebody may have edited our comment.
        if (StickyMarker.HashOf(keep.Text) != StickyMarker.HashOf(text))
            return StickyAction.Updated;
        return keep.Comment.Id == created ? StickyAction.Created : StickyAction.Unchanged;
    }

    private static async Task<List<Own>> OursAsync(IComments comments, CommentTarget target, string key, CancellationToken ct)
    {
        var marked = new List<Own>();
        foreach (var comment in await comments.ListAsync(target, ct))
        {
            if (StickyMarker.Find(comment.Body) is { } found && found.Marker.Key == key)
                marked.Add(new Own(comment, found.Marker, found.Text));
        }

        // Asking who we are costs a call: only where somebody's comment bears our marker, and the list did not say whose it is.
        var self = marked.Exists(o => o.Comment.IsOurs is null) ? await comments.SelfAsync(ct) : null;
        return [.. marked.Where(o => o.Comment.IsOurs ?? string.Equals(o.Comment.Author, self, StringComparison.OrdinalIgnoreCase)).OrderBy(o => o.Comment.Id)];
    }

    private sealed record Own(Comment Comment, StickyMarker Marker, string Text);
}
