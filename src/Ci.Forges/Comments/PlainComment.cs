namespace Ci.Forges;

/// <summary>A comment without a marker: a new one each time, which nobody finds again.</summary>
public static class PlainComment
{
    private const int Tries = 4;
    private const int Margin = 512;

    /// <summary>Posts it. Where an answer was lost, the thread is looked through before it is posted again.</summary>
    public static async Task<StickyOutcome> PostAsync(IComments comments, CommentTarget target, string body, CancellationToken ct = default)
    {
        if (string.IsNullOrWhiteSpace(body))
            throw new ForgeException("the comment is empty: write something into its file");
        var text = TextLimit.CutLines(body, comments.BodyLimit - Margin);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var made = await comments.CreateAsync(target, text, ct);
                return new StickyOutcome(StickyAction.Created, made.Url, made.Id);
            }
            catch (ForgeUnavailableException) when (attempt < Tries)
            {
                if (await FindAsync(comments, target, text, ct) is { } there)
                    return new StickyOutcome(StickyAction.Created, there.Url, there.Id);
            }
        }
    }

    // Ours, the last of the thread, with that very text: what was posted a moment ago.
    private static async Task<Comment?> FindAsync(IComments comments, CommentTarget target, string text, CancellationToken ct)
    {
        var last = (await comments.ListAsync(target, ct)).LastOrDefault(c => StickyMarker.HashOf(c.Body) == StickyMarker.HashOf(text));
        if (last is null)
            return null;
        var isOurs = last.IsOurs ?? string.Equals(last.Author, await comments.SelfAsync(ct), StringComparison.OrdinalIgnoreCase);
        return isOurs ? last : null;
    }
}
