using System.Text.Json;
using Ci.EdgeAgent.Journal;

namespace Ci.EdgeAgent.States;

/// <summary>
/// The device's one word on what serves: a small file, replaced in one step, that stands without the journal.
/// </summary>
/// <param name="Current">The release that serves; null before the first and after a first release was rolled back.</param>
/// <param name="LastKnownGood">The release to go back to; it has been through Soak.</param>
/// <param name="Sequence">The highest channel sequence ever committed: the floor. It only rises.</param>
/// <param name="SequenceRelease">The release which that sequence named.</param>
/// <param name="Since">When <paramref name="Current"/> began to serve.</param>
internal sealed record CurrentPointer(string? Current, string? LastKnownGood, long Sequence, string? SequenceRelease, DateTimeOffset Since)
{
    public const string SchemaName = "mlops.agent-pointer/v1";

    public static readonly CurrentPointer None = new(null, null, 0, null, default);

    /// <summary>The last known good before this one: what an operator's rollback goes to. Kept on disk like the others.</summary>
    public string? Previous { get; init; }

    public string Schema { get; init; } = SchemaName;

    /// <summary>CRC-32C of the document without this member, in the file alone: JSON that still parses may have lost a member to a flipped bit.</summary>
    public uint? Check { get; init; }

    public byte[] ToBytes() => Json(this with { Check = Sum(this) });

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="JsonException">It is no pointer, or not as it was written.</exception>
    public static CurrentPointer Parse(byte[] bytes)
    {
        var pointer = JsonSerializer.Deserialize(bytes, AgentJson.Default.CurrentPointer);
        if (pointer?.Schema != SchemaName)
            throw new JsonException($"its schema is not {SchemaName}");
        return pointer.Check == Sum(pointer) ? pointer with { Check = null } : throw new JsonException("its check does not fit its content");
    }

    private static uint Sum(CurrentPointer pointer) => Crc32C.Of(Json(pointer with { Check = null }));

    private static byte[] Json(CurrentPointer pointer) => JsonSerializer.SerializeToUtf8Bytes(pointer, AgentJson.Default.CurrentPointer);
}
