namespace Ci.Releases;

/// <summary>What an environment wants its devices to run (<c>channels/&lt;environment&gt;/&lt;model&gt;.json</c>).</summary>
public sealed record Channel
{
    public const string SchemaName = "mlops.channel/v1";

    public const int MaxDocumentBytes = 256 << 10;

    public string Schema { get; init; } = SchemaName;

    public required string Environment { get; init; }

    public required string Model { get; init; }

    /// <summary>The id of the wanted release.</summary>
    public required Sha256Digest Release { get; init; }

    /// <summary>Only ever rises, a rollback included; a device refuses a channel whose sequence fell. Starts at 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The release before this one; null at the start.</summary>
    public Sha256Digest? Previous { get; init; }

    /// <summary>The promotion that wrote it.</summary>
    public required Sha256Digest PromotionId { get; init; }

    public Rollout? Rollout { get; init; }

    /// <summary>No promotion may write this channel until a person lifts the hold (a rollback sets it). Devices follow the channel all the same.</summary>
    public bool Hold { get; init; }

    /// <summary>Why it is held, for people.</summary>
    public string? HoldReason { get; init; }

    /// <summary>Devices stop serving this model, whatever else stands here, until a newer channel says otherwise.</summary>
    public bool Kill { get; init; }

    /// <summary>Why, for people.</summary>
    public string? KillReason { get; init; }

    /// <summary>Devices that stay on a release of their own, by device name.</summary>
    public IReadOnlyDictionary<string, Sha256Digest> Pins { get; init => field = Absent.Or(value); } = Absent.Map<Sha256Digest>();

    /// <summary>Its path in the deploy repository.</summary>
    public static string PathOf(string environment, string model) => $"channels/{environment}/{model}.json";

    /// <summary>Reads strictly.</summary>
    /// <exception cref="ReleaseRefusedException">channel-malformed.</exception>
    public static Channel Read(ReadOnlySpan<byte> utf8)
    {
        var document = Documents.ParseObject(utf8, MaxDocumentBytes, RefusalCode.ChannelMalformed, "the channel");
        var channel = Documents.Read(document, ReleasesJson.Default.Channel, SchemaName, RefusalCode.ChannelMalformed, "the channel");
        channel.Check();
        return channel;
    }

    public byte[] ToBytes()
    {
        Check();
        return Documents.Write(this, ReleasesJson.Default.Channel);
    }

    /// <summary>The release that this device is to run: its pin, else the channel's.</summary>
    public Sha256Digest ReleaseFor(string device) => Pins.TryGetValue(device, out var pinned) ? pinned : Release;

    private void Check()
    {
        Need(Names.IsName(Environment), $"environment {Names.Quote(Environment)} is not a name");
        Need(Names.IsName(Model), $"model {Names.Quote(Model)} is not a name");
        Need(Sequence is >= 1 and < Documents.MaxInteger, $"sequence {Sequence} is out of range");
        Need(Pins.Count <= 1000 && Pins.Keys.All(Names.IsDeviceName), "pins holds more than 1000 devices, or a name that is none");
        Need(HoldReason is not { Length: > 1000 }, "holdReason has more than 1000 characters");
        Need(KillReason is not { Length: > 1000 }, "killReason has more than 1000 characters");
        if (Rollout is { } rollout)
        {
            Need(rollout.JitterMinutes is >= 0 and <= 10_080, "the rollout's jitterMinutes is not in 0 to 10080");
            Need(rollout.Disruption is not { } budget || (budget.Share is > 0 and <= 1 && budget.WindowMinutes is > 0 and <= 10_080), "the disruption budget's share is not in (0, 1], or its window not in (0, 10080] minutes");
            Need(rollout.Waves.Count <= 32, "the rollout has more than 32 waves");
            Need(rollout.Waves.All(wave => wave.Share is > 0 and <= 1 && wave.SoakMinutes >= 0), "a wave's share is not in (0, 1], or its soak is negative");
        }
    }

    private static void Need(bool holds, string otherwise)
    {
        if (!holds)
            throw new ReleaseRefusedException(RefusalCode.ChannelMalformed, $"the channel: {otherwise}");
    }
}
