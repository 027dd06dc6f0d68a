using Ci.Releases;

namespace Ci.EdgeAgent.Fetching;

/// <summary>A store sent other bytes than the signed ones. Once may be an accident on the way; again it is what the store holds.</summary>
internal sealed class WrongBytesException(RefusalCode code, string message) : EdgeAgentException(message)
{
    public RefusalCode Code { get; } = code;
}
