using Ci.EdgeAgent.Sources;

namespace Ci.EdgeAgent.Fetching;

/// <summary>Nothing failed: a window or a budget of this device says not now.</summary>
internal sealed class FetchDeferredException(string message) : SourceUnavailableException(message);
