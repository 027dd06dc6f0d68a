using System.IO.Pipelines;
using Ci.EdgeAgent.Configuration;

namespace Ci.EdgeAgent.Serving;

/// <summary>Reads whole bodies: bounded in what all of them together hold, and in the time that one may take to come.</summary>
internal sealed class RequestBodies(AgentConfiguration configuration, TimeProvider time)
{
    private readonly long mostEach = configuration.MaxBodyBytes;
    private readonly long most = Math.Max(configuration.Limits.MaxBufferedBytes, configuration.MaxBodyBytes);
    private readonly TimeSpan timeout = TimeSpan.FromSeconds(configuration.Limits.TimeoutSeconds);
    private long held;

    /// <summary>Bytes counted now.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>The whole body; it stays valid until it is given back, and must be.</summary>
    public ValueTask<HeldBody> ReadAsync(HttpContext http)
    {
        // A length beyond the limit is not counted: the first read refuses it (413).
        var counted = Math.Min(http.Request.ContentLength ?? 0, mostEach);
        Count(counted);
        var body = http.Request.BodyReader;
        try
        {
            var reading = body.ReadAsync(http.RequestAborted);
            if (!reading.IsCompletedSuccessfully)
                return RestAsync(body, reading, counted, http.RequestAborted);
            // What came in one piece with its head, which most do, needs no clock.
            var read = reading.Result;
            return read.IsCompleted && !read.IsCanceled && read.Buffer.Length <= counted
                ? ValueTask.FromResult(new HeldBody(read.Buffer, counted))
                : RestAsync(body, ValueTask.FromResult(read), counted, http.RequestAborted);
        }
        catch
        {
            Interlocked.Add(ref held, -counted);
            throw;
        }
    }

    public void GiveBack(HttpContext http, HeldBody body)
    {
        http.Request.BodyReader.AdvanceTo(body.Bytes.End);
        Interlocked.Add(ref held, -body.Counted);
    }

    private async ValueTask<HeldBody> RestAsync(PipeReader body, ValueTask<ReadResult> reading, long counted, CancellationToken gone)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        await using var onLimit = limit.Token.UnsafeRegister(static b => ((PipeReader)b!).CancelPendingRead(), body);
        try
        {
            while (true)
            {
                var read = await reading;
                if (Refusal(read, limit.IsCancellationRequested, ref counted) is { } refusal)
                {
                    body.AdvanceTo(read.Buffer.End);
                    throw refusal;
                }

                if (read.IsCompleted)
                    return new HeldBody(read.Buffer, counted);
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                reading = body.ReadAsync(gone);
            }
        }
        catch
        {
            Interlocked.Add(ref held, -counted);
            throw;
        }
    }

    private EdgeAgentException? Refusal(ReadResult read, bool isLate, ref long counted)
    {
        // Kestrel cancels reads, too, when it is asked to stop: a body under way may still come.
        if (isLate && !read.IsCompleted)
            return new RequestTimeoutException($"the body did not come within {timeout.TotalSeconds} s", isCaller: true);
        var more = read.Buffer.Length - counted;
        if (more <= 0)
            return null;
        if (!TryCount(more))
            return Full();
        counted += more;
        return null;
    }

    private void Count(long bytes)
    {
        if (!TryCount(bytes))
            throw Full();
    }

    private bool TryCount(long bytes)
    {
        if (Interlocked.Add(ref held, bytes) <= most)
            return true;
        Interlocked.Add(ref held, -bytes);
        return false;
    }

    private static OverloadedException Full() =>
        new(StatusCodes.Status503ServiceUnavailable, "the bodies of other requests fill the memory that is set aside for them; try again");
}
