namespace Ci.EdgeAgent.Serving;

/// <summary>The request's time is over: 408 where its body did not come, 504 where no run began.</summary>
internal sealed class RequestTimeoutException(string message, bool isCaller = false) : EdgeAgentException(message)
{
    public int Status { get; } = isCaller ? StatusCodes.Status408RequestTimeout : StatusCodes.Status504GatewayTimeout;
}
