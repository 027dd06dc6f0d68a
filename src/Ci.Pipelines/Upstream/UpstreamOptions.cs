using Ci.Git;

namespace Ci.Pipelines.Upstream;

/// <summary>How another repository is opened.</summary>
/// <param name="Folder">Paths are relative to it.</param>
/// <param name="Git">How git is called.</param>
/// <param name="Time">A clock.</param>
/// <param name="Remote">The name of the remote in its settings; null: its default one.</param>
public sealed record UpstreamOptions(string Folder, GitOptions Git, TimeProvider Time, string? Remote = null)
{
    /// <summary>Where credentials for its remotes may be found.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
