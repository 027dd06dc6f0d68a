namespace Ci.Pipelines.Experiments;

/// <summary>What a <c>-S</c> does to a parameter, in Hydra's signs as DVC takes them.</summary>
public enum OverrideKind
{
    /// <summary><c>key=value</c>: the key must be there.</summary>
    Set,

    /// <summary><c>+key=value</c>: the key must not be there.</summary>
    Add,

    /// <summary><c>++key=value</c>: whether it is there or not.</summary>
    SetOrAdd,

    /// <summary><c>~key</c>: the key goes.</summary>
    Remove,
}
