using System.Security.Cryptography;
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
        return await ReadAsync(ct) is { } bytes && Convert.ToHexStringLower(SHA256.HashData(bytes)) != digest;
    }

    /// <summary>The channel as it stands; null where it cannot be had or broke a rule (then what was decided before stands).</summary>
    public async Task<Channel?> LookAsync(CancellationToken ct)
    {
        try
        {
            var channel = await ReadAsync(ct) is { } bytes ? Channel.Read(bytes) : null;
            var ours = channel is not null && channel.Model == room.Model && channel.Environment == room.Configuration.Environment;
            return ours && channel!.Sequence >= room.Store.Pointer.Sequence ? channel : null;
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
