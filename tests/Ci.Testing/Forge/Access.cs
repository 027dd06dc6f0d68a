namespace Ci.Testing.Forge;

/// <summary>How far a token reaches in one area.</summary>
public enum Access
{
    None,
    Read,
    Write,
}
