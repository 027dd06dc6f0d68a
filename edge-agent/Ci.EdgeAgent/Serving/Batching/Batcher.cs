using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving.Batching;

/// <summary>
/// Joins requests to one model into one run. One run at a time: what comes meanwhile is the next batch. A batch starts when it is full, or when
/// its oldest request has waited its time. Idle it costs nothing: the timer runs only while somebody waits.
/// </summary>
internal sealed class Batcher : IDisposable
{
    private readonly BatchingSettings settings;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly List<PendingCall> waiting = [];
    private readonly List<PendingCall> batch = [];
    private readonly JoinedRun joined = new();
    private bool running;
    private int waitingRows;
    private long runs;
    private long requests;

    public Batcher(BatchingSettings settings, TimeSpan timeout, TimeProvider time)
    {
        (this.settings, this.timeout, this.time) = (settings, timeout, time);
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
    public async Task<IReadOnlyList<OnnxValue>> RunAsync(Generation generation, InferenceCall call, CancellationToken gone)
    {
        var pending = new PendingCall(this, generation, call, BatchSignature.Rows(call), time.GetTimestamp());
        lock (gate)
        {
            waiting.Add(pending);
            waitingRows += pending.Rows;
            if (!running && waiting.Count == 1 && settings.MaxDelayMs > 0 && waitingRows < settings.MaxRows)
                timer.Change(TimeSpan.FromMilliseconds(settings.MaxDelayMs), Timeout.InfiniteTimeSpan);
        }

        Start(isDue: false);
        if (pending.Answer.IsCompleted)
            return await pending.Answer;
        using var limit = new CancellationTokenSource(timeout, time);
        await using var onLimit = limit.Token.UnsafeRegister(static p => Abandon((PendingCall)p!, new RequestTimeoutException("the request waited too long for its batch; try again")), pending);
        await using var onGone = gone.UnsafeRegister(static (p, token) => Abandon((PendingCall)p!, new OperationCanceledException(token)), pending);
        return await pending.Answer;
    }

    public void Dispose() => timer.Dispose();

    /// <summary>Gives up waiting; does nothing once a run has begun, which then answers.</summary>
    private static void Abandon(PendingCall pending, Exception why)
    {
        var batcher = pending.Owner;
        lock (batcher.gate)
        {
            if (!batcher.waiting.Remove(pending))
                return;
            batcher.waitingRows -= pending.Rows;
        }

        pending.Fail(why);
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
                joined.Run(batch);
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
        if (waiting.Count == 0 || (!isDue && waitingRows < settings.MaxRows && Remaining() > TimeSpan.Zero))
            return false;
        var rows = 0;
        for (var i = 0; i < waiting.Count && rows < settings.MaxRows; i++)
        {
            var pending = waiting[i];
            var fits = batch.Count == 0 || (rows + pending.Rows <= settings.MaxRows && pending.Joins(batch[0]));
            if (!fits)
                continue;
            waiting.RemoveAt(i--);
            waitingRows -= pending.Rows;
            rows += pending.Rows;
            batch.Add(pending);
        }

        return true;
    }

    private TimeSpan Remaining()
    {
        var left = TimeSpan.FromMilliseconds(settings.MaxDelayMs) - time.GetElapsedTime(waiting[0].Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
