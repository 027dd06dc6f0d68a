using System.Security.Cryptography;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates;
using Ci.Git;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>Looks at the channel at the pace of the polls while a candidate is being tried, or a model is stopped. A source out of reach says nothing.</summary>
internal sealed class ChannelWatch(ModelRoom room)
{
    private long looked = room.Time.GetTimestamp();

    /// <summary>Whether it is not the candidate's channel file any more; false where it is not time yet or the source did not answer.</summary>
    public async Task<bool> HasChangedAsync(string digest, CancellationToken ct)
    {
        if (room.Time.GetElapsedTime(looked).TotalSeconds < room.Configuration.PollSeconds)
            return false;
        looked = room.Time.GetTimestamp();
        return await ReadAsync(ct) is { } bytes && Digest(bytes) != digest;
    }

    /// <summary>
    /// What the channel asks of a release that serves and is being watched: to stop, or to make way for another one that this device could take now.
    /// Null while neither; also where it is not time yet or the source did not answer.
    /// </summary>
    public async Task<StepResult?> AsksOfServingAsync(CancellationToken ct)
    {
        if (room.Time.GetElapsedTime(looked).TotalSeconds < room.Configuration.PollSeconds)
            return null;
        looked = room.Time.GetTimestamp();
        if (await ReadAsync(ct) is not { } bytes || OursIn(bytes) is not { } channel)
            return null;
        if (channel.Kill)
            return new StepResult(StepOutcome.KillAsked, $"the channel stops the model: {channel.KillReason ?? "no reason is given"}", Orders.ChannelKillCode);
        var orders = room.Orders();
        var wanted = orders.Pin ?? channel.ReleaseFor(room.Configuration.Device).Hex;
        var mayCome = wanted != room.Store.Pointer.Current && !orders.Paused && room.Store.State.RefusalOf(wanted, Digest(bytes)) is null
            && Orders.WhyNotYet(room, channel, wanted) is null;
        return mayCome ? new StepResult(StepOutcome.Superseded, $"the channel asks for release {wanted[..12]} by now") : null;
    }

    /// <summary>The channel as it stands; null where it cannot be had or broke a rule (then what was decided before stands).</summary>
    public async Task<Channel?> LookAsync(CancellationToken ct) => await ReadAsync(ct) is { } bytes ? OursIn(bytes) : null;

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private Channel? OursIn(byte[] bytes)
    {
        try
        {
            var channel = Channel.Read(bytes);
            var ours = channel.Model == room.Model && channel.Environment == room.Configuration.Environment;
            return ours && channel.Sequence >= room.Store.Pointer.Sequence ? channel : null;
        }
        catch (ReleaseRefusedException)
        {
            return null;
        }
    }

    private async Task<byte[]?> ReadAsync(CancellationToken ct)
    {
        try
        {
            var revision = await room.Source.RefreshAsync(ct);
            return await room.Source.ReadAsync(revision, Channel.PathOf(room.Configuration.Environment, room.Model), ct);
        }
        catch (Exception error) when (error is Sources.SourceUnavailableException or GitException or StorageException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            return null;
        }
    }
}
