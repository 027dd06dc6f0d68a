namespace Ci.Forges;

/// <summary>Terminal: no such repository, pull request, comment or commit, or the token may not see it.</summary>
public sealed class ForgeNotFoundException(string message, Exception? inner = null) : ForgeException(message, inner);
