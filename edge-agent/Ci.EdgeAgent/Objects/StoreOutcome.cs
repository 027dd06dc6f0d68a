namespace Ci.EdgeAgent.Objects;

internal enum StoreOutcome
{
    Stored,

    /// <summary>All bytes came, and they are others than the signed ones.</summary>
    DigestMismatch,

    /// <summary>More bytes came than were signed.</summary>
    SizeMismatch,
}
