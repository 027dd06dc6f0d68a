namespace Ci.Data;

/// <summary>What putting data back did.</summary>
public enum Change
{
    /// <summary>It was there already.</summary>
    None,

    /// <summary>Nothing was there before.</summary>
    Added,

    /// <summary>Something else was there before.</summary>
    Modified,
}
