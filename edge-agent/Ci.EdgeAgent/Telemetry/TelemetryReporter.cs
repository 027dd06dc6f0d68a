using System.Collections.Concurrent;
using System.IO.Compression;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Status;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Telemetry;

/// <summary>Makes batches of one model, keeps them on disk, and puts them into the mailbox when it answers.</summary>
internal sealed class TelemetryReporter(AgentConfiguration configuration, ServedModel model, TelemetrySpool spool, IBlobStore mailbox, TimeProvider time)
{
    private const int MostEvents = 1000;
    private readonly ConcurrentQueue<AgentEvent> events = new();
    private DateTimeOffset from = time.GetUtcNow();
    private TimeSpan cpu = CpuTime();
    private long droppedEvents;

    /// <summary>Batches that wait; 0 where their folder cannot be read, which <see cref="Error"/> tells.</summary>
    public int Queued
    {
        get
        {
            try
            {
                return spool.Segments().Count;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return 0; // The status of the whole agent is shown all the same.
            }
        }
    }

    public long Dropped => spool.Dropped + Interlocked.Read(ref droppedEvents);

    /// <summary>Why the last batch is still here; null where the mailbox took it.</summary>
    public string? Error { get; private set; }

    public void Tell(AgentEvent happened)
    {
        if (events.Count >= MostEvents && events.TryDequeue(out _))
            Interlocked.Increment(ref droppedEvents);
        events.Enqueue(happened);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(configuration.MailboxSeconds), time, ct);
            await FlushAsync(ct);
        }
    }

    /// <summary>One batch per generation that was asked, at least one: a quiet device says that it lives.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        try
        {
            foreach (var batch in Batches())
                spool.Add($"{batch.From.UtcDateTime:yyyyMMdd}", batch.Sequence, Gzip(batch.ToBytes()));
            await SendAsync(ct);
            Error = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StorageException or HttpRequestException)
        {
            Error = error.Message;
        }
    }

    private async Task SendAsync(CancellationToken ct)
    {
        var prefix = TelemetryBatch.PrefixOf(configuration.Environment, model.Name, configuration.Device);
        foreach (var segment in spool.Segments())
        {
            await using (var content = spool.Open(segment))
                await mailbox.PutAsync(TelemetrySpool.KeyOf(segment, prefix), content, PutMode.IfAbsent, ct);
            spool.Remove(segment);
        }
    }

    private IEnumerable<TelemetryBatch> Batches()
    {
        var (began, now) = (from, time.GetUtcNow());
        // A clock that was set back must not make a batch that ends before it begins.
        if (now < began)
            began = now;
        from = now;
        var told = TakeEvents();
        var intervals = model.Recorder.Drain();
        var resources = Resources();
        if (intervals.Count == 0)
        {
            var serving = model.Slot.Current;
            yield return Empty(began, now, serving?.Release, serving?.Version) with { Events = told, Resources = resources };
            yield break;
        }

        for (var i = 0; i < intervals.Count; i++)
        {
            var seen = intervals[i];
            yield return Empty(began, now, seen.Release, seen.Version) with
            {
                Requests = seen.Requests,
                Errors = seen.Errors,
                LatencyMs = SketchWire.Of(seen.Latency),
                Inputs = SketchWire.Of(seen.Inputs),
                Outputs = SketchWire.Of(seen.Outputs),
                Events = i == 0 ? told : [],
                Resources = resources,
            };
        }
    }

    private TelemetryBatch Empty(DateTimeOffset began, DateTimeOffset now, string? release, string? version) => new()
    {
        Device = configuration.Device,
        Environment = configuration.Environment,
        Model = model.Name,
        Release = release is null ? null : Sha256Digest.Parse(release),
        Version = version,
        Sequence = spool.NextSequence(),
        From = began,
        To = now,
        DroppedRecords = Dropped,
    };

    private List<TelemetryEvent> TakeEvents()
    {
        var taken = new List<TelemetryEvent>();
        while (taken.Count < MostEvents && events.TryDequeue(out var happened))
        {
            taken.Add(new TelemetryEvent
            {
                At = happened.At,
                Kind = happened.Kind,
                Code = happened.Code,
                Release = Sha256Digest.TryParse(happened.Release, out var release) ? release : null,
                Version = string.IsNullOrEmpty(happened.Version) ? null : happened.Version,
                Message = happened.Message.Length <= 4000 ? happened.Message : happened.Message[..4000] + "…",
            });
        }

        return taken;
    }

    private ResourceUse Resources()
    {
        var (now, before) = (CpuTime(), cpu);
        cpu = now;
        return new ResourceUse { ResidentBytes = Environment.WorkingSet, CpuSeconds = (now - before).TotalSeconds };
    }

    private static TimeSpan CpuTime() => OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return target.ToArray();
    }
}
