namespace Ci.Pipelines;

/// <summary>The key under which an output stands.</summary>
public enum OutputKind
{
    /// <summary><c>outs</c></summary>
    Data,

    /// <summary><c>metrics</c></summary>
    Metrics,

    /// <summary><c>plots</c></summary>
    Plot,
}
