namespace Ci.Releases;

/// <summary>Something may not be trusted. Terminal: the same bytes will be refused again. The message says what and where.</summary>
public sealed class ReleaseRefusedException(RefusalCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which rule refused.</summary>
    public RefusalCode Code { get; } = code;
}
