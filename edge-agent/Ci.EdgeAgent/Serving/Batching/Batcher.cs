using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving.Batching;

/// <summary>
/// Joins requests to one model into one run. One run at a time: what comes meanwhile is the next batch. A batch starts when it is full, or when
/// its oldest request has waited its time. Where no time is to be waited, a request that finds the model idle runs at once on its own thread, and so does every
/// request to a model whose run costs less than joining does (<see cref="RunCost"/>). Idle it costs nothing: timers run only while somebody waits.
/// </summary>
internal sealed class Batcher : IDisposable
{
    private readonly BatchingSettings settings;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly ITimer late;
    private readonly RunCost cost;
    private readonly Lock gate = new();
    private readonly PendingQueue waiting = new();
    private readonly List<PendingCall> batch = [];
    private readonly JoinedRun joined = new();
    private bool running;
    private bool isLateSet;
    private long runs;
    private long requests;

    public Batcher(BatchingSettings settings, TimeSpan timeout, TimeProvider time)
    {
        (this.settings, this.timeout, this.time) = (settings, timeout, time);
        cost = new RunCost(time);
        late = time.CreateTimer(static batcher => ((Batcher)batcher!).EndLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer = time.CreateTimer(static batcher => ((Batcher)batcher!).Start(isDue: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs so far.</summary>
    public long Runs => Interlocked.Read(ref runs);

    /// <summary>Requests that those runs answered.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Null where the model's requests are not joined.</summary>
    public static Batcher? For(AgentConfiguration configuration, string model, TimeProvider time) =>
        configuration.Batching.TryGetValue(model, out var settings) && settings.IsOn
            ? new Batcher(settings, TimeSpan.FromSeconds(configuration.Limits.TimeoutSeconds), time)
            : null;

    /// <summary>Whether this request can go together with others; one that fills a batch by itself need not.</summary>
    public bool Takes(InferenceCall call) => BatchSignature.Allows(call) && BatchSignature.Rows(call) is > 0 and var rows && rows < settings.MaxRows;

    /// <summary>
    /// The outputs for this request's rows alone. The caller keeps its lease until then. A cancellation ends the waiting, never a run;
    /// <see cref="RequestTimeoutException"/> where no run began within the limit.
    /// </summary>
    public ValueTask<IReadOnlyList<OnnxValue>> RunAsync(Generation generation, InferenceCall call, CancellationToken gone)
    {
        if (settings.MaxDelayMs > 0)
            return new ValueTask<IReadOnlyList<OnnxValue>>(JoinAsync(generation, call, gone));
        if (cost.IsLight)
            return ValueTask.FromResult(RunAlone(call));
        lock (gate)
        {
            if (running || waiting.Count > 0)
                return new ValueTask<IReadOnlyList<OnnxValue>>(JoinAsync(generation, call, gone));
            running = true;
        }

        try
        {
            return ValueTask.FromResult(RunAlone(call));
        }
        finally
        {
            if (Next())
                ThreadPool.UnsafeQueueUserWorkItem(static batcher => batcher.Work(), this, preferLocal: false);
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        late.Dispose();
    }

    private IReadOnlyList<OnnxValue> RunAlone(InferenceCall call)
    {
        Interlocked.Increment(ref runs);
        Interlocked.Increment(ref requests);
        var began = cost.Begin();
        var outputs = call.Run();
        cost.End(began);
        return outputs;
    }

    private async Task<IReadOnlyList<OnnxValue>> JoinAsync(Generation generation, InferenceCall call, CancellationToken gone)
    {
        var pending = new PendingCall(this, generation, call, BatchSignature.Rows(call), time.GetTimestamp());
        lock (gate)
        {
            waiting.Add(pending);
            if (!running && waiting.Count == 1 && settings.MaxDelayMs > 0 && waiting.Rows < settings.MaxRows)
                timer.Change(TimeSpan.FromMilliseconds(settings.MaxDelayMs), Timeout.InfiniteTimeSpan);
            if (!isLateSet)
                isLateSet = late.Change(timeout, Timeout.InfiniteTimeSpan);
        }

        Start(isDue: false);
        if (pending.Answer.IsCompleted)
            return await pending.Answer;
        await using var onGone = gone.UnsafeRegister(static (p, token) => Abandon((PendingCall)p!, new OperationCanceledException(token)), pending);
        return await pending.Answer;
    }

    /// <summary>Gives up waiting; does nothing once a run has begun, which then answers.</summary>
    private static void Abandon(PendingCall pending, Exception why)
    {
        var batcher = pending.Owner;
        lock (batcher.gate)
        {
            if (!batcher.waiting.Remove(pending))
                return;
        }

        pending.Fail(why);
    }

    /// <summary>One clock for all that wait: the oldest stands first.</summary>
    private void EndLate()
    {
        List<PendingCall> ended;
        lock (gate)
        {
            ended = waiting.TakeLate(timeout, time);
            isLateSet = waiting.Count > 0 && late.Change(timeout - time.GetElapsedTime(waiting.OldestSince), Timeout.InfiniteTimeSpan);
        }

        foreach (var pending in ended)
            pending.Fail(new RequestTimeoutException("the request waited too long for its batch; try again"));
    }

    private void Start(bool isDue)
    {
        lock (gate)
        {
            if (running || !TakeBatch(isDue))
                return;
            running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static batcher => batcher.Work(), this, preferLocal: false);
    }

    private void Work()
    {
        do
        {
            // The callers' leases end with their answers; this one outlives them, until all that was rented is back.
            var generation = batch.Count > 0 && batch[0].Generation.TryLease() ? batch[0].Generation : null;
            var joinedRequests = batch.Count;
            if (joinedRequests > 0)
            {
                // Counted before the answers go out: who has his answer finds it counted.
                Interlocked.Increment(ref runs);
                Interlocked.Add(ref requests, joinedRequests);
                var began = cost.Begin();
                joined.Run(batch);
                cost.End(began);
            }

            generation?.GiveBack();
        }
        while (Next());
    }

    private bool Next()
    {
        lock (gate)
        {
            if (TakeBatch(isDue: false))
                return true;
            running = false;
            if (waiting.Count > 0)
                timer.Change(Remaining(), Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    /// <summary>Moves what goes together with the oldest from the queue into the batch. Under the lock.</summary>
    private bool TakeBatch(bool isDue)
    {
        batch.Clear();
        if (waiting.Count == 0 || (!isDue && waiting.Rows < settings.MaxRows && Remaining() > TimeSpan.Zero))
            return false;
        waiting.TakeBatch(batch, settings.MaxRows);
        return true;
    }

    private TimeSpan Remaining()
    {
        var left = TimeSpan.FromMilliseconds(settings.MaxDelayMs) - time.GetElapsedTime(waiting.OldestSince);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
