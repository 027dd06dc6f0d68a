namespace Ci.Forges;

/// <summary>The world moved: the head is another commit than expected, or the branches conflict. Look again and decide anew.</summary>
public sealed class ForgeConflictException(string message, Exception? inner = null) : ForgeException(message, inner);
