using Ci.Releases;

namespace Ci.Monitoring;

/// <summary>What was read.</summary>
/// <param name="Batches">Each once, in order of model, device and sequence.</param>
/// <param name="Problems">Blobs that were skipped, with the reason in words.</param>
public sealed record MailboxContent(IReadOnlyList<TelemetryBatch> Batches, IReadOnlyList<string> Problems);
