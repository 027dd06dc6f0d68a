using System.Security.Cryptography;
using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Reads the channel and the release document that it names, all from one revision of the source.</summary>
internal sealed class ResolveStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Resolve;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var revision = await room.Source.RefreshAsync(ct);
        var now = room.Time.GetUtcNow();
        room.Served.Board.Change(s => s with { SourceSeen = now, SourceError = null });
        var path = Channel.PathOf(room.Configuration.Environment, room.Model);
        var bytes = await room.Source.ReadAsync(revision, path, ct);
        if (bytes is null)
            return Quiet($"{room.Source.Description} has no {path} yet: nothing has been promoted");

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        update.Candidate = new Candidate("", digest, 0);
        if (room.Store.State.RefusalOf("", digest) is { } unreadable)
            return Standing(unreadable);
        var channel = Channel.Read(bytes);
        update.Candidate = new Candidate(room.Orders().Pin ?? channel.ReleaseFor(room.Configuration.Device).Hex, digest, channel.Sequence);
        return await DecideAsync(channel, update, revision, ct);
    }

    private async Task<StepResult> DecideAsync(Channel channel, Update update, string revision, CancellationToken ct)
    {
        var wanted = update.Candidate!;
        var pointer = room.Store.Pointer;
        var serves = wanted.Release == pointer.Current && room.Served.Slot.Current?.Release == wanted.Release;
        // A rule of this device that refused it once was loosened since: it serves, and has soaked.
        var isProven = serves && wanted.Release == pointer.LastKnownGood;
        if (!isProven && room.Store.State.RefusalOf(wanted.Release, wanted.Channel) is { } refused)
        {
            Desire(wanted, null);
            return Standing(refused);
        }

        CheckChannel(channel, wanted, pointer);
        update.Channel = channel;
        if (serves)
        {
            if (wanted.Sequence > pointer.Sequence)
                room.Store.Point(pointer with { Sequence = wanted.Sequence, SequenceRelease = channel.Release.Hex });
            Desire(wanted, null);
            return Quiet("the channel asks for what is serving");
        }

        Desire(wanted, null);
        var folder = $"releases/{room.Model}/{wanted.Release}";
        update.ReleaseBytes = await room.Source.ReadAsync(revision, folder + ".json", ct)
            ?? throw new SourceUnavailableException($"{room.Source.Description} has no {folder}.json, which the channel names");
        update.BundleBytes = await room.Source.ReadAsync(revision, folder + ".sigstore.json", ct)
            ?? throw new SourceUnavailableException($"{room.Source.Description} has no {folder}.sigstore.json, which the channel names");
        return StepResult.Done($"the channel asks for release {wanted.Release[..12]} (sequence {wanted.Sequence})");
    }

    private void CheckChannel(Channel channel, Candidate wanted, CurrentPointer pointer)
    {
        if (channel.Environment != room.Configuration.Environment || channel.Model != room.Model)
            throw new ReleaseRefusedException(RefusalCode.ChannelMalformed, $"the channel says {channel.Environment}/{channel.Model}, but lies where {room.Configuration.Environment}/{room.Model} belongs");
        if (wanted.Sequence < pointer.Sequence)
            throw new ReleaseRefusedException(RefusalCode.SequenceRollback, $"the channel's sequence is {wanted.Sequence}; this device has seen {pointer.Sequence} and it only ever rises");
        var sameNumber = wanted.Sequence == pointer.Sequence && pointer.SequenceRelease is not null && pointer.SequenceRelease != wanted.Release;
        if (sameNumber && channel.Pins.Count == 0 && room.Orders().Pin is null)
            throw new ReleaseRefusedException(RefusalCode.SequenceRollback, $"the channel's sequence {wanted.Sequence} named another release before; a new one needs a higher sequence");
    }

    private void Desire(Candidate wanted, string? version)
    {
        var seen = room.Served.Board.Status.Desired;
        if (seen?.Release != wanted.Release || seen.Sequence != wanted.Sequence)
            room.Served.Board.Change(s => s with { Desired = new ReleaseStatus(wanted.Release, version, wanted.Sequence, null) });
    }

    private static StepResult Quiet(string words) => new(StepOutcome.NothingNew, words);

    private static StepResult Standing(QuarantineEntry entry) => new(StepOutcome.Refused, entry.Reason, null);
}
