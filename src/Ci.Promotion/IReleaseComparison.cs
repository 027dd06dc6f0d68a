namespace Ci.Promotion;

/// <summary>
/// Compares a release with the one that is live. This room decides what is compared, and by which gates; the implementation only judges.
/// It reads blobs and changes nothing; it is asked again whenever the deploy repository moved, so it must be safe to repeat.
/// </summary>
public interface IReleaseComparison
{
    /// <summary>Judges by the files that both releases sign, each checked against its digest.</summary>
    /// <returns>Evidence that is missing, damaged, or about other data is an answer (not <see cref="LiveComparison.Comparable"/>), not an error.</returns>
    /// <exception cref="Storage.StorageUnavailableException">The store does not answer now.</exception>
    Task<LiveComparison> CompareAsync(ComparisonQuestion question, CancellationToken ct = default);
}
