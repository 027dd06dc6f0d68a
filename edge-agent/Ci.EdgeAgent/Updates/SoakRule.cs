using Ci.EdgeAgent.Generations;

namespace Ci.EdgeAgent.Updates;

/// <summary>When a generation that serves has shown that it should not.</summary>
internal static class SoakRule
{
    /// <summary>Fewer errors than this are no pattern.</summary>
    public const int LeastErrors = 3;

    /// <summary>The share of failed requests that is too many.</summary>
    public const double MostErrorShare = 0.01;

    /// <summary>A 95th percentile of fewer requests than this says nothing.</summary>
    public const int LeastForLatency = 100;

    /// <summary>The breach in words; null while there is none.</summary>
    public static string? Breach(GenerationHealth health, double? maxP95Ms)
    {
        var (requests, errors) = (health.Requests, health.Errors);
        if (errors >= LeastErrors && errors > requests * MostErrorShare)
            return $"{errors} of {requests} requests failed";
        if (maxP95Ms is { } limit && requests >= LeastForLatency && health.LatencyMs(0.95) is var p95 && p95 > limit)
            return $"the 95th percentile of {requests} requests is {p95:G4} ms; the signed limit is {limit:G4} ms";
        return null;
    }
}
