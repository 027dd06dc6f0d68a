using Ci.Data;

namespace Ci.Pipelines;

/// <summary>
/// Gets from a remote what neither workspace nor cache have. Calls may repeat; what is there already is not fetched again. What the
/// remote lacks, too, is no error here: the stage then runs. An unreachable remote is one.
/// </summary>
public interface IMissingData
{
    /// <summary>Fetches data into the cache.</summary>
    /// <returns>Whether all of it is in the cache now.</returns>
    Task<bool> FetchAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct);

    /// <summary>Fetches the records of earlier runs below a key: <c>runs/ab/abcd…</c>.</summary>
    Task FetchRunsAsync(string folderKey, CancellationToken ct);
}
