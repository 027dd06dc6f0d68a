namespace Ci.Forges;

/// <summary>Reviews of pull requests.</summary>
public interface IReviews
{
    /// <summary>Each reviewer's latest review that decides something; mere comments only from those who said nothing else.</summary>
    Task<IReadOnlyList<Review>> ListAsync(int pullRequest, CancellationToken ct = default);
}
