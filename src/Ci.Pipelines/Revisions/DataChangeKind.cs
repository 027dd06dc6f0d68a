namespace Ci.Pipelines.Revisions;

/// <summary>How data differs.</summary>
public enum DataChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is not there any more.</summary>
    Deleted,

    /// <summary>Its content differs.</summary>
    Modified,

    /// <summary>The same content lies elsewhere.</summary>
    Renamed,

    /// <summary>It was recorded, but the cache does not hold it.</summary>
    NotInCache,
}
