using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>One update on its way through the states: what the steps hand to each other. Lost in a power cut, and made again.</summary>
internal sealed class Update : IDisposable
{
    public Candidate? Candidate { get; set; }

    /// <summary>The channel that asked for it; set once its place and sequence held.</summary>
    public Channel? Channel { get; set; }

    public byte[] ReleaseBytes { get; set; } = [];

    public byte[] BundleBytes { get; set; } = [];

    /// <summary>Set by Plan; only a verified release names what may be fetched.</summary>
    public VerifiedRelease? Verified { get; set; }

    public string? Version { get; set; }

    public long ResidentBefore { get; set; }

    /// <summary>The candidate, until the slot takes it.</summary>
    public Generation? Generation { get; set; }

    public GateProof? Proof { get; set; }

    public void Dispose()
    {
        Generation?.Dispose();
        Generation = null;
    }
}
