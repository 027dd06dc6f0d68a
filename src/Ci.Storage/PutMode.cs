namespace Ci.Storage;

/// <summary>What <see cref="IBlobStore.PutAsync"/> does when the key is taken.</summary>
public enum PutMode
{
    /// <summary>Leave what is there and return it: right for content-addressed keys.</summary>
    IfAbsent,

    /// <summary>Replace it in one step.</summary>
    Overwrite,
}
