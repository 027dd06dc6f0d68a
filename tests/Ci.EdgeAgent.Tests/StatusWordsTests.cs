using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Tests;

public sealed class StatusWordsTests
{
    private static readonly ModelStatus Refused = new()
    {
        Name = "energy-load",
        State = AgentState.Idle,
        Desired = new ReleaseStatus("b", "5.0.0", 4, null),
        Refusals = [new QuarantineEntry("b", "5.0.0", "channel", 4, "golden-mismatch", "output 'prediction'[0] is 1; expected 2 within 0.1", default)],
    };

    private static readonly CurrentPointer Serving = CurrentPointer.None with { Current = "a", LastKnownGood = "a", Sequence = 2 };

    [Fact]
    public void A_refusal_stays_the_reason_when_the_source_is_out_of_reach_afterwards()
    {
        var status = StatusWords.Apply(Refused with { SourceError = "connection refused" }, Serving, damage: null);
        Assert.False(status.InSync);
        Assert.StartsWith("golden-mismatch: ", status.WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_watched_after_a_restart_has_its_name_before_the_channel_has_answered()
    {
        var serving = new ServingStatus { Release = "a", Version = "4.0.0", ModelSha256 = "m", Since = default, Provider = "CPU" };
        var status = StatusWords.Apply(new ModelStatus { Name = "energy-load", State = AgentState.Soak, Serving = serving }, Serving, damage: null);
        Assert.Equal("watching 4.0.0 serve", status.StateInWords);
    }

    [Fact]
    public void Looking_at_the_channel_takes_away_neither_sync_nor_the_reason_for_the_lack_of_it()
    {
        var serving = new ServingStatus { Release = "a", Version = "4.0.0", ModelSha256 = "m", Since = default, Provider = "CPU" };
        var calm = new ModelStatus { Name = "energy-load", State = AgentState.Resolve, Serving = serving, Desired = new ReleaseStatus("a", "4.0.0", 2, null) };
        Assert.True(StatusWords.Apply(calm, Serving, damage: null).InSync);
        var refused = StatusWords.Apply(Refused, Serving, damage: null);
        Assert.Equal(refused.WhyNot, StatusWords.Apply(refused with { State = AgentState.Resolve }, Serving, damage: null).WhyNot);
    }

    [Fact]
    public void A_source_out_of_reach_is_the_reason_once_the_channel_asks_for_something_else()
    {
        var later = Refused with { Desired = new ReleaseStatus("c", "6.0.0", 5, null), SourceError = "connection refused" };
        Assert.Equal("connection refused", StatusWords.Apply(later, Serving, damage: null).WhyNot);
    }
}
