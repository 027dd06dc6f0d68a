namespace Ci.Pipelines;

/// <summary>Why a stage (or pointer) is not up to date; all empty when it is.</summary>
/// <param name="Name">The stage's address or the pointer's path.</param>
public sealed record StageChanges(string Name)
{
    /// <summary>Path or parameters file as written, parameter's key or null, and <c>modified</c>, <c>deleted</c> or <c>new</c>.</summary>
    public IReadOnlyList<(string Path, string? Key, string State)> Dependencies { get; init; } = [];

    /// <summary>Path as written, and <c>modified</c>, <c>mode changed</c>, <c>deleted</c> or <c>not in cache</c>.</summary>
    public IReadOnlyList<(string Path, string State)> Outputs { get; init; } = [];

    public bool Command { get; init; }

    /// <summary>Declared to be so, or there is nothing to tell by.</summary>
    public bool Always { get; init; }

    /// <summary>A pointer's own checksum is not that of what it says.</summary>
    public bool Checksum { get; init; }

    /// <summary>What paths as written are relative to, absolute.</summary>
    public string Folder { get; init; } = "";

    public bool Any => this.Always || this.NeedsRun || this.Checksum || this.Outputs.Count > 0;

    /// <summary>Something other than outputs changed: only a run (or an earlier one) can mend it.</summary>
    public bool NeedsRun => this.Command || this.Dependencies.Count > 0;

    /// <summary>Outputs that lie as the lock says, but that the cache lacks: no reason to run anything.</summary>
    internal IReadOnlyList<string> Uncached { get; init; } = [];
}
