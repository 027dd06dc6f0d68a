namespace Ci.Forges;

/// <summary>Checks on commits.</summary>
public interface IChecks
{
    /// <summary>
    /// Creates the check, or updates our own of that name on that commit. Idempotent. A token that may not write check runs gets a
    /// commit status of the same name instead.
    /// </summary>
    /// <exception cref="ForgeRefusedException">Neither is allowed.</exception>
    Task<CheckReceipt> PutAsync(CheckRun check, CancellationToken ct = default);

    /// <summary>The latest check of every name on a commit, commit statuses among them.</summary>
    Task<IReadOnlyList<CheckRun>> ListAsync(string sha, CancellationToken ct = default);
}
