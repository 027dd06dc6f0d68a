using Ci.Releases;

namespace Ci.EdgeAgent.Fetching;

/// <summary>
/// Brings signed files into the object store. What lies there already costs nothing; what was cut off is continued, in a later process too.
/// Errors: <see cref="ReleaseRefusedException"/> where every store that answers holds other bytes than the signed ones;
/// <see cref="Sources.SourceUnavailableException"/> (of which <see cref="FetchDeferredException"/> is one) where it may succeed later.
/// </summary>
internal interface IObjectFetcher
{
    Task<FetchReport> FetchAsync(Artifact artifact, CancellationToken ct);
}
