using System.Collections.Concurrent;

namespace Ci.Data;

/// <summary>
/// Keeps commands that write the cache and the one that sweeps it apart. Between writing an object and writing the file that names it
/// an object looks unused: whoever writes shares a lock from the first object to the end of the process, and the sweep needs it alone.
/// The kernel lets go of it when a process ends, however it ends.
/// </summary>
/// <param name="file">The file whose lock it is.</param>
public sealed class CacheUse(string file)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // One for the process and project: a command ends with its process.
    private static readonly ConcurrentDictionary<string, FileStream> Shared = new(StringComparer.Ordinal);

    /// <summary>Shares the lock until the process ends; waits while a sweep goes on.</summary>
    public void Share()
    {
        while (!Shared.ContainsKey(file))
        {
            if (this.TryOpen(FileShare.ReadWrite) is { } stream)
            {
                if (!Shared.TryAdd(file, stream))
                    stream.Dispose();
                return;
            }

            Task.Delay(Pause, TimeProvider.System).GetAwaiter().GetResult();
        }
    }

    /// <summary>Takes the lock alone, waiting for a while.</summary>
    /// <returns>Null when another process goes on writing.</returns>
    public async Task<IDisposable?> TryExcludeAsync(TimeSpan patience, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (Shared.TryRemove(file, out var own))
            await own.DisposeAsync();
        for (var begun = time.GetTimestamp(); ; await Task.Delay(Pause, time, ct))
        {
            if (this.TryOpen(FileShare.None) is { } alone)
                return alone;
            if (time.GetElapsedTime(begun) > patience)
                return null;
        }
    }

    private FileStream? TryOpen(FileShare share)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, 1);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException or FileNotFoundException))
        {
            return null;
        }
    }
}
