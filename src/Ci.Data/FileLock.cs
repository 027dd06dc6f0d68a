using System.Globalization;

namespace Ci.Data;

/// <summary>A lock that is held until it is disposed. A file beside it says who holds it and which child works under it.</summary>
public sealed class FileLock : IDisposable
{
    private const int MaxBytes = 256;

    private readonly FileStream file;

    internal FileLock(FileStream file)
    {
        this.file = file;
        this.LeftChild = Read(file.Name) is [_, var child, var started] && int.TryParse(child, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? (id, new DateTimeOffset(ticks, TimeSpan.Zero)) : null;
        this.Write();
    }

    /// <summary>The child of a holder that ended without letting go, with its time of start: it may still be running.</summary>
    public (int Id, DateTimeOffset Started)? LeftChild { get; }

    /// <summary>Records the process that works under the lock, so that it is found should this process be killed.</summary>
    public void Record(int child, DateTimeOffset started) =>
        this.Write(child.ToString(CultureInfo.InvariantCulture), started.UtcTicks.ToString(CultureInfo.InvariantCulture));

    /// <summary>The child has ended.</summary>
    public void Forget() => this.Write();

    public void Dispose()
    {
        try
        {
            File.Delete(HolderFile(this.file.Name));
        }
        finally
        {
            this.file.Dispose();
        }
    }

    /// <summary>The holder's process id, and its child's with the time of its start; none when nobody holds the lock.</summary>
    internal static IReadOnlyList<string> Read(string lockFile)
    {
        try
        {
            var holder = new FileInfo(HolderFile(lockFile));
            return holder.Exists && holder.Length <= MaxBytes ? File.ReadAllLines(holder.FullName) : [];
        }
        catch (IOException)
        {
            // It was let go of just now.
            return [];
        }
    }

    // Nobody can read the locked file itself: .NET locks whatever it opens.
    private static string HolderFile(string lockFile) => lockFile + ".holder";

    private void Write(params string[] child) =>
        File.WriteAllLines(HolderFile(this.file.Name), [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. child]);
}
