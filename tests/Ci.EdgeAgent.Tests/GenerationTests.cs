using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests;

public sealed class GenerationTests
{
    [Fact]
    public async Task The_old_generation_is_disposed_when_its_last_request_ends_and_not_before()
    {
        using var slot = new GenerationSlot();
        var old = new CountingInstance();
        var generation = new Generation(old, "m", "r1", "1");
        slot.Swap(generation);
        var first = slot.Lease()!;
        var second = slot.Lease()!;
        slot.Swap(new Generation(new CountingInstance(), "m", "r2", "2"));
        Assert.Equal("2", slot.Current!.Version);
        first.GiveBack();
        Assert.Equal(0, old.Disposed);
        second.GiveBack();
        await generation.Gone;
        Assert.Equal(1, old.Disposed);
        Assert.False(second.TryLease());
    }

    [Fact]
    public async Task Many_threads_and_many_swaps_never_run_a_disposed_model_and_dispose_each_once()
    {
        var made = new List<CountingInstance>();
        var generations = new List<Generation>();
        using (var slot = new GenerationSlot())
        {
            slot.Swap(Make(made, generations));
            using var enough = new CancellationTokenSource();
            var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                while (!enough.IsCancellationRequested)
                {
                    var leased = slot.Lease()!;
                    leased.Instance.Run([]);
                    leased.GiveBack();
                }
            })).ToList();
            for (var i = 0; i < 2000; i++)
                slot.Swap(Make(made, generations));
            await enough.CancelAsync();
            await Task.WhenAll(clients);
        }

        await Task.WhenAll(generations.Select(g => g.Gone));
        Assert.All(made, instance => Assert.Equal(1, instance.Disposed));
        Assert.All(made, instance => Assert.Equal(0, instance.RunsAfterDispose));
    }

    [Fact]
    public void Errors_breach_the_soak_and_a_caller_s_own_mistakes_do_not()
    {
        var health = new GenerationHealth();
        for (var i = 0; i < 200; i++)
            health.Succeeded(1);
        Assert.Null(SoakRule.Breach(health, 2));
        Assert.Contains("95th percentile", SoakRule.Breach(health, 0.5), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            health.Failed();
        Assert.Contains("3 of 203 requests failed", SoakRule.Breach(health, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_state_can_be_left_and_every_row_is_in_the_documentation()
    {
        foreach (var state in Enum.GetValues<AgentState>())
            Assert.Contains(TransitionTable.All, t => t.From == state);
        var page = File.ReadAllText(Path.Combine(Support.Root, "docs", "protocol", "agent.md"));
        foreach (var row in TransitionTable.All)
            Assert.Contains($"| {row.From} | {row.On} | {row.To} | {(row.Journaled ? "yes" : "no")} | {row.Why} |", page, StringComparison.Ordinal);
    }

    private static Generation Make(List<CountingInstance> made, List<Generation> generations)
    {
        var instance = new CountingInstance();
        made.Add(instance);
        generations.Add(new Generation(instance, "m", "r", "1"));
        return generations[^1];
    }

    private sealed class CountingInstance : IModelInstance
    {
        private int disposed;
        private int late;

        public int Disposed => disposed;

        public int RunsAfterDispose => late;

        public IReadOnlyList<TensorInfo> Inputs => [];

        public IReadOnlyList<TensorInfo> Outputs => [];

        public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

        public string Provider => "CPU";

        public string? ProviderFallbackReason => null;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
        {
            if (Volatile.Read(ref disposed) > 0)
                Interlocked.Increment(ref late);
            return [];
        }

        public void Dispose() => Interlocked.Increment(ref disposed);
    }
}
