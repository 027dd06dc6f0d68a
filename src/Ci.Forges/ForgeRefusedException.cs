namespace Ci.Forges;

/// <summary>Terminal: the token or a rule of the repository does not allow it.</summary>
public sealed class ForgeRefusedException(string message, string? missingPermission = null, Exception? inner = null)
    : ForgeException(message, inner)
{
    /// <summary>The permission that would help, in the vendor's words (e.g. "pull-requests: write"); null where a rule refused.</summary>
    public string? MissingPermission { get; } = missingPermission;
}
