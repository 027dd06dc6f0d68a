namespace Ci.EdgeAgent.Sources;

/// <summary>
/// Where channels and release documents come from. Nothing here is trusted: the signature decides. Both members throw
/// <see cref="SourceUnavailableException"/> where the source does not answer; the same call may succeed later.
/// </summary>
internal interface IDeploySource
{
    string Description { get; }

    /// <summary>The newest revision; everything read under one revision belongs together.</summary>
    Task<string> RefreshAsync(CancellationToken ct);

    /// <summary>A file's bytes at a revision; null where it has none.</summary>
    Task<byte[]?> ReadAsync(string revision, string path, CancellationToken ct);
}
