using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Storage.FileSystem;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// Experiments that wait to be run: a file each in <c>.dvc/tmp/exps/queue</c>, and the state that each begins with on a reference, so that git
/// keeps it. Whoever runs one holds its lock; a runner that is killed lets go of it and the entry is still there.
/// </summary>
public sealed class ExperimentQueue(ExperimentWorkspace home)
{
    private const int MostBytes = 1 << 20;

    private string Folder => Path.Combine(home.Folder, "queue");

    /// <summary>In the order in which they were queued.</summary>
    public IReadOnlyList<QueuedExperiment> Entries()
    {
        if (!Directory.Exists(this.Folder))
            return [];
        return [.. Directory.EnumerateFiles(this.Folder, "*.json").Order(StringComparer.Ordinal).Select(TryRead).OfType<QueuedExperiment>()];
    }

    /// <summary>Adds one.</summary>
    public async Task AddAsync(QueuedExperiment entry, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Directory.CreateDirectory(this.Folder);
        // The reference first: an entry never names a state that git may throw away.
        await home.Git.UpdateRefAsync(RefOf(entry), entry.Commit, null, ct);
        DurableFiles.Replace(this.FileOf(entry), Encoding.UTF8.GetBytes(entry.ToJson().ToJsonString()));
    }

    public async Task RemoveAsync(QueuedExperiment entry, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        File.Delete(this.FileOf(entry));
        await home.Git.UpdateRefAsync(RefOf(entry), null, entry.Commit, ct);
    }

    /// <summary>Takes an entry to run it; null when another process has it, or has finished it.</summary>
    public IDisposable? TryTake(QueuedExperiment entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (home.Project.Locks.TryTake(LockOf(entry)) is not { } held)
            return null;
        if (File.Exists(this.FileOf(entry)))
            return held;
        held.Dispose();
        return null;
    }

    /// <summary>Whether some process runs it now.</summary>
    public bool IsRunning(QueuedExperiment entry)
    {
        if (home.Project.Locks.TryTake(LockOf(entry)) is not { } held)
            return true;
        held.Dispose();
        return false;
    }

    /// <summary>A new entry's id: time first, so that names are the order.</summary>
    public static string IdAt(DateTimeOffset now, int number) => 
        $"{now.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture)}-{number.ToString("00000", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..8]}";

    private static string LockOf(QueuedExperiment entry) => $"experiment queue {entry.Id}";

    private static string RefOf(QueuedExperiment entry) => $"{ExperimentRef.Queued}/{entry.Id}";

    private string FileOf(QueuedExperiment entry) => Path.Combine(this.Folder, $"{entry.Id}.json");

    private static QueuedExperiment? TryRead(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MostBytes)
                throw new PipelineException($"{file}: larger than {MostBytes >> 20} MiB; no entry of the queue is, so remove it");
            return QueuedExperiment.Parse(File.ReadAllText(file), file);
        }
        catch (FileNotFoundException)
        {
            // Another runner has just finished it.
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new PipelineException($"{file}: is no entry of the queue ({error.Message}); remove it", error);
        }
    }
}
