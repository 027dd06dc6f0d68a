namespace Ci.Data;

/// <summary>Data that is described but found neither in the workspace, nor in the cache, nor on the remote that was asked.</summary>
public sealed class MissingDataException(string message, IReadOnlyList<string> paths) : DataException(message)
{
    /// <summary>What is missing, by path.</summary>
    public IReadOnlyList<string> Paths { get; } = paths;
}
