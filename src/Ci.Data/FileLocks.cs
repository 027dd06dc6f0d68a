using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ci.Data;

/// <summary>
/// Locks between processes, each a file in one folder that its holder keeps open by <c>flock(2)</c>: the kernel lets go of it when the
/// holder ends, however it ends, so no lock is ever stale. The file stays; only the hold on it counts.
/// </summary>
public sealed class FileLocks(string folder)
{
    // EWOULDBLOCK, and a sharing violation: somebody holds it. All else (a read-only disk, no permission) would never pass by waiting.
    private const int HeldOnUnix = 11;
    private const int HeldOnWindows = unchecked((int)0x80070020);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock if nobody holds it.</summary>
    /// <returns>Null when somebody does.</returns>
    public FileLock? TryTake(string name)
    {
        var path = this.PathOf(name);
        try
        {
            Directory.CreateDirectory(folder);
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (IOException error) when (error.HResult is HeldOnUnix or HeldOnWindows)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot take the lock {path}: {error.Message}; commands that change a project need to write to its folder .dvc/tmp", error);
        }
    }

    /// <summary>Takes the lock, waiting as long as it takes.</summary>
    /// <param name="name">Of what is locked.</param>
    /// <param name="waits">Called once, with the holder's process id (0 if it is not known), when somebody holds it.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<FileLock> TakeAsync(string name, Action<int> waits, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(waits);
        for (var told = false; ; told = true)
        {
            if (this.TryTake(name) is { } taken)
                return taken;
            if (!told)
                waits(this.HolderOf(name));
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }

    /// <summary>Does something short while holding the lock; others that do the same wait.</summary>
    public void While(string name, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        using var held = this.TakeAsync(name, _ => { }).GetAwaiter().GetResult();
        action();
    }

    private int HolderOf(string name) =>
        FileLock.Read(this.PathOf(name)) is [var holder, ..] && int.TryParse(holder, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    // Names hold characters that no file name may; the beginning stays readable.
    private string PathOf(string name) => Path.Combine(
        folder, $"{string.Concat(name.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '@' ? c : '_'))}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12]}");
}
