namespace Ci.EdgeAgent.Serving;

/// <summary>The device has no room for this request now: 429 for too many at once, 503 for too many bytes at once.</summary>
internal sealed class OverloadedException(int status, string message) : EdgeAgentException(message)
{
    public int Status { get; } = status;
}
