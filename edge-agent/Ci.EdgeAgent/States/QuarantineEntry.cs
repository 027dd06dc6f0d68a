namespace Ci.EdgeAgent.States;

/// <summary>One refusal that stands: this release by this channel entry is not tried again until the entry changes.</summary>
/// <param name="Release">Release id (SHA-256, hex); empty where the channel itself could not be read.</param>
/// <param name="Version">The release's version as it calls itself; empty where unknown.</param>
/// <param name="Channel">SHA-256 (hex) of the channel file's bytes.</param>
/// <param name="Sequence">The channel's sequence.</param>
/// <param name="Code">The refusal code's wire string.</param>
/// <param name="Reason">In words.</param>
/// <param name="At">When it was refused.</param>
internal sealed record QuarantineEntry(
    string Release, string Version, string Channel, long Sequence, string Code, string Reason, DateTimeOffset At);
