using Ci.Forges;

namespace Ci.Promotion;

/// <summary>Who counts as having approved a promotion: people other than its author who approved this very head.</summary>
internal static class Approvers
{
    public static IReadOnlyList<string> Of(IEnumerable<Review> reviews, PullRequest pull) =>
    [
        .. reviews.Where(review => review.State == ReviewState.Approved && review.CommitSha == pull.HeadSha && !string.Equals(review.Author, pull.Author, StringComparison.OrdinalIgnoreCase))
            .Select(review => review.Author).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal),
    ];
}
