using System.IO.Compression;

namespace Ci.Releases;

/// <summary>
/// What a device reports about one release and one stretch of time. It lies gzip-compressed in the blob store under
/// <c>telemetry/&lt;environment&gt;/&lt;model&gt;/&lt;device&gt;/&lt;yyyyMMdd&gt;/&lt;sequence&gt;.json.gz</c>. No raw inputs: sketches only.
/// </summary>
public sealed record TelemetryBatch
{
    public const string SchemaName = "mlops.telemetry/v1";

    /// <summary>Uncompressed; larger batches are refused.</summary>
    public const int MaxDocumentBytes = 8 << 20;

    public string Schema { get; init; } = SchemaName;

    public required string Device { get; init; }

    public required string Environment { get; init; }

    public required string Model { get; init; }

    /// <summary>The release that was serving; null while nothing served.</summary>
    public Sha256Digest? Release { get; init; }

    /// <summary>Its version, for people.</summary>
    public string? Version { get; init; }

    /// <summary>Rises by one with every batch of this device and model; a batch that arrives twice has the same one.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public long Requests { get; init; }

    /// <summary>Requests that were answered with an error.</summary>
    public long Errors { get; init; }

    /// <summary>Milliseconds per inference request.</summary>
    public SketchRecord? LatencyMs { get; init; }

    /// <summary>By input feature (or input tensor) name.</summary>
    public IReadOnlyDictionary<string, SketchRecord> Inputs { get; init => field = Absent.Or(value); } = Absent.Map<SketchRecord>();

    /// <summary>By output name.</summary>
    public IReadOnlyDictionary<string, SketchRecord> Outputs { get; init => field = Absent.Or(value); } = Absent.Map<SketchRecord>();

    public ResourceUse? Resources { get; init; }

    public IReadOnlyList<TelemetryEvent> Events { get; init => field = Absent.Or(value); } = [];

    /// <summary>Records that the device had to drop since it started.</summary>
    public long DroppedRecords { get; init; }

    /// <summary>The folder of one environment and, where given, model and device; ends in '/'.</summary>
    public static string PrefixOf(string environment, string? model = null, string? device = null) =>
        $"telemetry/{environment}/" + (model is null ? "" : model + "/") + (model is null || device is null ? "" : device + "/");

    /// <summary>The key of this batch in the blob store. The sequence has ten digits, so that keys sort in its order.</summary>
    public string Key() => $"{PrefixOf(Environment, Model, Device)}{From.UtcDateTime:yyyyMMdd}/{Sequence:D10}.json.gz";

    /// <summary>Reads strictly.</summary>
    /// <exception cref="ReleaseRefusedException">telemetry-malformed.</exception>
    public static TelemetryBatch Read(ReadOnlySpan<byte> utf8)
    {
        var document = Documents.ParseObject(utf8, MaxDocumentBytes, RefusalCode.TelemetryMalformed, "the telemetry batch");
        var batch = Documents.Read(document, ReleasesJson.Default.TelemetryBatch, SchemaName, RefusalCode.TelemetryMalformed, "the telemetry batch");
        batch.Check();
        return batch;
    }

    public byte[] ToBytes()
    {
        Check();
        return Documents.Write(this, ReleasesJson.Default.TelemetryBatch);
    }

    /// <summary>Reads a batch as it lies in the mailbox: gzip, bounded while it is decompressed.</summary>
    /// <exception cref="ReleaseRefusedException">telemetry-malformed.</exception>
    public static TelemetryBatch ReadGzip(byte[] compressed)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
            var buffer = new byte[MaxDocumentBytes + 1];
            var length = gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return Read(buffer.AsSpan(0, length));
        }
        catch (InvalidDataException error)
        {
            throw new ReleaseRefusedException(RefusalCode.TelemetryMalformed, "the telemetry batch: not gzip, or damaged", error);
        }
    }

    /// <summary>The batch as it is put into the mailbox.</summary>
    public byte[] ToGzip()
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(ToBytes());
        return buffer.ToArray();
    }

    private void Check()
    {
        Need(Names.IsDeviceName(Device) && Names.IsName(Environment) && Names.IsName(Model), "device, environment or model is not a name");
        Need(Sequence >= 0 && From <= To, "the sequence is negative, or it ends before it begins");
        Need(Requests >= 0 && Errors >= 0 && Errors <= Requests && DroppedRecords >= 0, "a count is negative, or there are more errors than requests");
        Need(Inputs.Count <= 4096 && Outputs.Count <= 4096 && Events.Count <= 10_000, "it has too many sketches or events");
        Need(LatencyMs?.IsValid != false && Inputs.Values.Concat(Outputs.Values).All(sketch => sketch is { IsValid: true }), "a sketch is inconsistent");
        Need(Events.All(item => item.Message.Length <= 4096 && item.Kind.Length is > 0 and <= 64 && item.Code is not { Length: > 64 }), "an event is too long");
    }

    private static void Need(bool holds, string otherwise)
    {
        if (!holds)
            throw new ReleaseRefusedException(RefusalCode.TelemetryMalformed, $"the telemetry batch: {otherwise}");
    }
}
