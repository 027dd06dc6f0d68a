namespace Ci.Registry;

/// <summary>What a tag says, in GTO's words.</summary>
public enum RegistryEventKind
{
    Registration,
    Deregistration,
    Assignment,
    Unassignment,
    Creation,
    Deprecation,
}
