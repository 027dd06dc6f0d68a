namespace Ci.Testing.Forge;

/// <summary>Rules of a branch: changes by pull request only, and what must have passed or been said before a merge.</summary>
public sealed record Protection(IReadOnlyList<string> RequiredChecks, int RequiredApprovals = 0)
{
    /// <summary>Logins that may push past the rules.</summary>
    public IReadOnlyList<string> MayPush { get; init; } = [];
}
