namespace Ci.EdgeAgent.Fetching;

/// <summary>The device's own disk failed, not the network: another try or another mirror is of no use.</summary>
internal sealed class DiskFailedException(Exception reason) : EdgeAgentException(reason.Message, reason);
