using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Rollouts;
using Ci.Releases;

namespace Ci.EdgeAgent.Tests;

public sealed class RolloutRuleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Rollout Waves = new()
    {
        Start = Start,
        Waves = [new RolloutWave { Share = 0.1, SoakMinutes = 60 }, new RolloutWave { Share = 0.5, SoakMinutes = 120 }, new RolloutWave { Share = 1, SoakMinutes = 0 }],
    };

    [Fact]
    public void Each_wave_holds_its_share_of_the_devices_and_opens_after_the_soak_of_those_before()
    {
        var opens = Enumerable.Range(0, 4000).Select(i => RolloutRule.Opens(Waves, "r1", $"device-{i}", "")!.Value).GroupBy(t => t - Start).ToDictionary(g => g.Key, g => g.Count() / 4000.0);
        Assert.InRange(opens[TimeSpan.Zero], 0.08, 0.12);
        Assert.InRange(opens[TimeSpan.FromMinutes(60)], 0.37, 0.43);
        Assert.InRange(opens[TimeSpan.FromMinutes(180)], 0.47, 0.53);
    }

    [Fact]
    public void Another_release_begins_with_other_devices()
    {
        var first = Enumerable.Range(0, 1000).Where(i => RolloutRule.PlaceOf($"device-{i}", "r1") < 0.1).ToHashSet();
        var second = Enumerable.Range(0, 1000).Where(i => RolloutRule.PlaceOf($"device-{i}", "r2") < 0.1).ToHashSet();
        first.IntersectWith(second);
        Assert.True(first.Count < 30);
    }

    [Fact]
    public void A_disruption_budget_lets_no_more_than_its_share_change_in_one_window()
    {
        var budget = Waves with { Waves = [new RolloutWave { Share = 1, SoakMinutes = 0 }], Disruption = new DisruptionBudget { Share = 0.25, WindowMinutes = 30 } };
        var windows = Enumerable.Range(0, 4000).GroupBy(i => RolloutRule.Opens(budget, "r1", $"device-{i}", "north")!.Value - Start).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal([0.0, 30, 60, 90], windows.Keys.Select(k => k.TotalMinutes).Order());
        Assert.All(windows.Values, count => Assert.InRange(count, 900, 1100));
    }

    [Fact]
    public void Jitter_spreads_a_wave_and_is_the_same_every_time()
    {
        var jittered = Waves with { JitterMinutes = 10 };
        var all = Enumerable.Range(0, 200).Select(i => RolloutRule.Opens(jittered, "r1", $"device-{i}", "")!.Value - RolloutRule.Opens(Waves, "r1", $"device-{i}", "")!.Value).ToList();
        Assert.All(all, t => Assert.InRange(t.TotalMinutes, 0, 10));
        Assert.True(all.Distinct().Count() > 190);
        Assert.Equal(RolloutRule.Opens(jittered, "r1", "device-1", ""), RolloutRule.Opens(jittered, "r1", "device-1", ""));
    }

    [Fact]
    public void A_roll_out_that_ends_below_all_devices_leaves_the_others_waiting_and_says_so()
    {
        var part = Waves with { Waves = [new RolloutWave { Share = 0.1, SoakMinutes = 0 }] };
        var left = Enumerable.Range(0, 100).Select(i => $"device-{i}").First(d => RolloutRule.PlaceOf(d, "r1") >= 0.1);
        Assert.Contains("waits for the channel", RolloutRule.WhyNotYet(part, "r1", left, "", Start.AddYears(1)), StringComparison.Ordinal);
        Assert.Null(RolloutRule.WhyNotYet(null, "r1", left, "", Start));
    }

    [Fact]
    public void The_same_key_always_takes_the_same_generation_and_who_was_in_at_one_percent_is_in_at_ten()
    {
        using var slot = new GenerationSlot();
        slot.Swap(new Generation(new NoInstance(), "m", "r1", "1"));
        using var candidate = new Generation(new NoInstance(), "m", "r2", "2");
        HashSet<string> In(double share)
        {
            slot.StartCanary(candidate, share);
            return [.. Enumerable.Range(0, 5000).Select(i => $"user-{i}").Where(key =>
            {
                var leased = slot.Lease(key)!;
                leased.GiveBack();
                return ReferenceEquals(leased, candidate);
            })];
        }

        var (one, ten) = (In(0.01), In(0.1));
        Assert.InRange(one.Count, 25, 80);
        Assert.InRange(ten.Count, 420, 580);
        Assert.Subset(ten, one);
        Assert.Equal(ten.Order(), In(0.1).Order());
        var unkeyed = 0;
        for (var i = 0; i < 5000; i++)
        {
            var leased = slot.Lease()!;
            unkeyed += ReferenceEquals(leased, candidate) ? 1 : 0;
            leased.GiveBack();
        }

        Assert.InRange(unkeyed, 420, 580);
        slot.EndCanary();
        Assert.Same(slot.Current, slot.Lease());
    }
}
