using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Serving.Batching;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests.Serving;

public sealed class BatchingTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Requests_that_come_together_run_together_and_answer_as_if_alone()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var batching = new Dictionary<string, BatchingSettings> { [Deployment.Model] = new() { MaxRows = 16, MaxDelayMs = 20 } };
        await using var agent = await RunningAgent.StartAsync(deployment.Configure() with { Batching = batching });
        await agent.ServesAsync("1.0.0");
        using var session = OnnxSession.Load(Support.Runtime, Support.Model("breast-mlp-base.onnx"));
        var random = new Random(7);
        var requests = Enumerable.Range(0, 48).Select(i => Enumerable.Range(0, ((i % 3) + 1) * 30).Select(_ => random.NextSingle()).ToArray()).ToList();

        var answers = await Task.WhenAll(requests.Select(async row =>
        {
            using var content = new StringContent($$"""{"inputs":[{"name":"features","datatype":"FP32","shape":[{{row.Length / 30}},30],"data":[{{string.Join(',', row)}}]}]}""");
            using var response = await agent.Plain.PostAsync($"/v2/models/{Deployment.Model}/infer", content);
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        }));

        foreach (var (row, answer) in requests.Zip(answers))
        {
            var alone = session.Run([OnnxValue.Of("features", row, row.Length / 30, 30)]);
            foreach (var (wanted, got) in alone.Zip(answer.RootElement.GetProperty("outputs").EnumerateArray()))
            {
                Assert.Equal(wanted.Shape, got.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()));
                Assert.All(wanted.ToDoubles().Zip(got.GetProperty("data").EnumerateArray().Select(v => v.GetDouble())), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            }

            answer.Dispose();
        }

        var batcher = agent.Agent.Models[0].Served.Batcher!;
        Assert.Equal(48, batcher.Requests);
        Assert.InRange(batcher.Runs, 6, 30);
        var metrics = await agent.Plain.GetStringAsync("/metrics");
        Assert.Contains($"ml_edge_batched_requests_total{{model=\"{Deployment.Model}\"}} 48", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_batch_does_not_wait_and_a_lonely_request_waits_its_time_at_most()
    {
        using var generation = new Generation(new Doubler(), "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 3, MaxDelayMs = 1000 }, Long, TimeProvider.System);
        var began = TimeProvider.System.GetTimestamp();
        var three = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => RunAsync(batcher, generation, i)));
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds < 900, "a full batch starts at once");
        Assert.Equal([0f, 2, 4], three.Select(v => v[0]));
        Assert.Equal(1, batcher.Runs);
        Assert.Equal(new[] { 10f }, await RunAsync(batcher, generation, 5));
        Assert.Equal(2, batcher.Runs);
    }

    [Fact]
    public async Task Without_a_delay_only_what_came_while_the_model_worked_is_joined()
    {
        var model = new Doubler { Blocks = true };
        using var generation = new Generation(model, "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 8 }, Long, TimeProvider.System);
        var first = Task.Run(() => RunAsync(batcher, generation, 1));
        Assert.True(await model.Entered.WaitAsync(Long));
        var others = Enumerable.Range(2, 4).Select(i => RunAsync(batcher, generation, i)).ToList();
        model.Blocks = false;
        model.Release.Set();
        Assert.Equal(new[] { 2f }, await first);
        Assert.Equal([4f, 6, 8, 10], (await Task.WhenAll(others)).Select(v => v[0]));
        Assert.Equal(2, batcher.Runs);
    }

    [Fact]
    public async Task A_request_that_finds_the_model_idle_runs_at_once_on_its_own_thread()
    {
        using var generation = new Generation(new Doubler { TakesMs = 1 }, "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 8 }, Long, TimeProvider.System);
        for (var i = 0; i < 5; i++)
        {
            var answer = RunAsync(batcher, generation, i);
            Assert.True(answer.IsCompleted);
            Assert.Equal(new[] { 2f * i }, await answer);
        }

        Assert.Equal((5, 5), (batcher.Runs, batcher.Requests));
    }

    [Fact]
    public async Task A_model_that_costs_less_than_joining_is_not_joined_however_many_ask()
    {
        using var generation = new Generation(new Doubler(), "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 8 }, Long, TimeProvider.System);
        for (var i = 0; i < 200; i++)
            await RunAsync(batcher, generation, i);
        var before = batcher.Runs;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
                Assert.Equal(new[] { 2f * i }, await RunAsync(batcher, generation, i));
        })));
        Assert.InRange(batcher.Runs - before, 1800, 2000); // but for what a busy machine held up
    }

    [Fact]
    public async Task A_model_that_costs_more_than_joining_is_joined_and_every_answer_is_its_own()
    {
        var model = new Doubler { TakesMs = 1 };
        using var generation = new Generation(model, "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 8 }, Long, TimeProvider.System);
        for (var i = 0; i < 3; i++)
            await RunAsync(batcher, generation, i);
        model.Blocks = true;
        var first = Task.Run(() => RunAsync(batcher, generation, 10));
        Assert.True(await model.Entered.WaitAsync(Long));
        var others = Enumerable.Range(11, 8).Select(i => RunAsync(batcher, generation, i)).ToList();
        model.Blocks = false;
        model.Release.Set();
        Assert.Equal(new[] { 20f }, await first);
        Assert.Equal([22f, 24, 26, 28, 30, 32, 34, 36], (await Task.WhenAll(others)).Select(v => v[0]));
        Assert.Equal((5, 12), (batcher.Runs, batcher.Requests));
    }

    [Fact]
    public async Task One_bad_request_fails_alone()
    {
        using var generation = new Generation(new Doubler(), "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 3, MaxDelayMs = 1000 }, Long, TimeProvider.System);
        var runs = new[] { 1f, Doubler.Poison, 3f }.Select(v => RunAsync(batcher, generation, v)).ToList();
        Assert.Equal(new[] { 2f }, await runs[0]);
        await Assert.ThrowsAsync<OnnxException>(() => runs[1]);
        Assert.Equal(new[] { 6f }, await runs[2]);
    }

    [Fact]
    public async Task Who_watches_is_told_of_every_request_of_a_joined_run_and_of_its_own_rows_and_once_where_each_ran_alone()
    {
        using var generation = new Generation(new Doubler(), "m", "r", "1");
        var told = new Told();
        generation.Watch = told;
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 3, MaxDelayMs = 1000 }, Long, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(1, 3).Select(i => RunAsync(batcher, generation, i)));
        Assert.Equal(1, batcher.Runs);
        Assert.Equal([(1f, (float?)2f), (2f, 4f), (3f, 6f)], told.Calls.OrderBy(c => c.Input));
        Assert.All(told.Milliseconds, ms => Assert.InRange(ms, 0, 10_000));

        told.Calls.Clear();
        var runs = new[] { 1f, Doubler.Poison, 3f }.Select(v => RunAsync(batcher, generation, v)).ToList();
        await Assert.ThrowsAsync<OnnxException>(() => runs[1]);
        await Task.WhenAll(runs[0], runs[2]);
        Assert.Equal([(1f, (float?)2f), (3f, 6f), (Doubler.Poison, null)], told.Calls.OrderBy(c => c.Output is null).ThenBy(c => c.Input));
    }

    [Fact]
    public async Task A_model_that_does_not_answer_a_row_a_row_is_run_request_by_request()
    {
        using var generation = new Generation(new Doubler { Lies = true }, "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 2, MaxDelayMs = 1000 }, Long, TimeProvider.System);
        var both = await Task.WhenAll(RunAsync(batcher, generation, 1), RunAsync(batcher, generation, 2));
        Assert.Equal([2f, 4], both.Select(v => v[0]));
    }

    [Fact]
    public async Task Who_waits_beyond_the_deadline_or_goes_away_is_let_go_and_the_others_are_answered()
    {
        var model = new Doubler { Blocks = true };
        using var generation = new Generation(model, "m", "r", "1");
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 8 }, TimeSpan.FromMilliseconds(300), TimeProvider.System);
        using var gone = new CancellationTokenSource();
        var running = Task.Run(() => RunAsync(batcher, generation, 1));
        Assert.True(await model.Entered.WaitAsync(Long));
        var late = RunAsync(batcher, generation, 2);
        var left = RunAsync(batcher, generation, 3, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Assert.ThrowsAsync<RequestTimeoutException>(() => late);
        model.Blocks = false;
        model.Release.Set();
        Assert.Equal(new[] { 2f }, await running);
        Assert.Equal(new[] { 8f }, await RunAsync(batcher, generation, 4));
    }

    [Fact]
    public async Task Requests_of_two_generations_are_never_mixed_and_the_old_one_goes_when_its_last_is_answered()
    {
        var (old, next) = (new Doubler(), new Doubler { Factor = 10 });
        using var slot = new GenerationSlot();
        slot.Swap(new Generation(old, "m", "r1", "1"));
        using var batcher = new Batcher(new BatchingSettings { MaxRows = 4, MaxDelayMs = 50 }, Long, TimeProvider.System);
        var before = slot.Lease()!;
        var a = RunAsync(batcher, before, 1);
        slot.Swap(new Generation(next, "m", "r2", "2"));
        var after = slot.Lease()!;
        var b = RunAsync(batcher, after, 1);
        Assert.Equal(new[] { 2f }, await a);
        Assert.Equal(new[] { 10f }, await b);
        Assert.False(old.IsDisposed);
        before.GiveBack();
        after.GiveBack();
        Assert.True(await Support.EventuallyAsync(() => Task.FromResult(old.IsDisposed)));
    }

    [Theory]
    [InlineData(new long[] { -1, 2 }, OnnxElementType.Float, true)]
    [InlineData(new long[] { 1, 2 }, OnnxElementType.Float, false)]
    [InlineData(new long[] { }, OnnxElementType.Float, false)]
    [InlineData(new long[] { -1 }, OnnxElementType.String, false)]
    public void Only_a_signature_with_an_open_first_dimension_lets_requests_be_joined(long[] shape, OnnxElementType type, bool allows)
    {
        using var call = new InferenceCall([new TensorInfo("x", type, shape)], [new TensorInfo("y", OnnxElementType.Float, [-1])]);
        Assert.Equal(allows, BatchSignature.Allows(call));
    }

    private static async Task<float[]> RunAsync(Batcher batcher, Generation generation, float value, CancellationToken gone = default)
    {
        var call = generation.RentCall();
        try
        {
            call.Reset();
            call.Values[0] = OnnxValue.Of("x", [value], 1);
            Assert.True(batcher.Takes(call));
            var outputs = await batcher.RunAsync(generation, call, gone);
            return outputs[0].As<float>().ToArray();
        }
        finally
        {
            generation.ReturnCall(call);
        }
    }

    private sealed class Told : ICallWatch
    {
        public TimeProvider Time => TimeProvider.System;

        public List<(float Input, float? Output)> Calls { get; } = [];

        public List<double> Milliseconds { get; } = [];

        public void Ran(Generation by, IReadOnlyList<OnnxValue> inputs, IReadOnlyList<OnnxValue>? outputs, double milliseconds)
        {
            lock (Calls)
            {
                Calls.Add((inputs[0].As<float>()[0], outputs?[0].As<float>()[0]));
                Milliseconds.Add(milliseconds);
            }
        }
    }

    private sealed class Doubler : IModelInstance
    {
        public const float Poison = 666;

        public float Factor { get; init; } = 2;

        public bool Lies { get; init; }

        public bool Blocks { get; set; }

        public double TakesMs { get; init; }

        public bool IsDisposed { get; private set; }

        public SemaphoreSlim Entered { get; } = new(0);

        public ManualResetEventSlim Release { get; } = new();

        public IReadOnlyList<TensorInfo> Inputs { get; } = [new("x", OnnxElementType.Float, [-1])];

        public IReadOnlyList<TensorInfo> Outputs { get; } = [new("y", OnnxElementType.Float, [-1])];

        public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

        public string Provider => "CPU";

        public string? ProviderFallbackReason => null;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
        {
            if (Blocks)
            {
                Entered.Release();
                Release.Wait();
            }

            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began).TotalMilliseconds < TakesMs;)
                Thread.Yield();
            var values = inputs[0].As<float>().ToArray();
            if (values.Contains(Poison))
                throw new OnnxException("poison");
            var answers = Lies && values.Length > 1 ? new float[1] : Array.ConvertAll(values, v => v * Factor);
            return [OnnxValue.Of("y", answers, answers.Length)];
        }

        public void Dispose() => IsDisposed = true;
    }
}
