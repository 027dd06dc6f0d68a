using System.Text.Json;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Sources;

/// <summary>
/// What this device remembers of its sources across restarts: the newest index that it has seen, and the newest signed time. Losing it
/// costs no safety of the models (each model's sequence floor stands in its pointer), only the knowledge that a source went back.
/// </summary>
internal sealed class SourceMemory
{
    private const int MaxBytes = 4096;
    private readonly IDeviceFiles files;
    private readonly string path;
    private readonly Lock gate = new();
    private SourceRecord record = new();

    public SourceMemory(IDeviceFiles files, string data, TrustedClock clock)
    {
        (this.files, path, Clock) = (files, Path.Combine(data, "source.json"), clock);
        try
        {
            if (DurableFile.Read(files, path, MaxBytes) is { } bytes && JsonSerializer.Deserialize(bytes, SourceJson.Default.SourceRecord) is { Schema: SourceRecord.SchemaName } read)
                record = read;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            // A damaged memory is an empty one.
        }

        clock.Learn(record.SignedTime);
    }

    public TrustedClock Clock { get; }

    public DateTimeOffset MirrorIssuedAt
    {
        get
        {
            lock (gate)
                return record.MirrorIssuedAt;
        }
    }

    /// <summary>Returns when it is on disk that this index was seen.</summary>
    public void Saw(DateTimeOffset issuedAt)
    {
        lock (gate)
        {
            if (issuedAt > record.MirrorIssuedAt)
                Write(record with { MirrorIssuedAt = issuedAt, SignedTime = issuedAt > record.SignedTime ? issuedAt : record.SignedTime });
        }

        Clock.Learn(issuedAt);
    }

    /// <summary>A time that a trusted key has signed.</summary>
    public void Learn(DateTimeOffset signed)
    {
        if (!Clock.Learn(signed))
            return;
        lock (gate)
        {
            if (signed > record.SignedTime)
                Write(record with { SignedTime = signed });
        }
    }

    private void Write(SourceRecord next)
    {
        DurableFile.Replace(files, path, JsonSerializer.SerializeToUtf8Bytes(next, SourceJson.Default.SourceRecord));
        record = next;
    }
}
