namespace Ci.Storage.FileSystem;

/// <summary>
/// The disk that is written to. It is the real one everywhere but in tests, which put a faulty one in its place for what they call
/// themselves; what runs beside them keeps the real one (docs/adr/0009).
/// </summary>
public static class Disk
{
    private static readonly AsyncLocal<IDisk?> Replaced = new();

    /// <summary>The mode that a file gets when nothing else is wanted; the process's umask takes from it.</summary>
    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The mode of what nobody may change.</summary>
    public const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static IDisk Current => Replaced.Value ?? Real;

    /// <summary>The machine's own disk.</summary>
    public static IDisk Real { get; } = OperatingSystem.IsLinux() ? new LinuxDisk() : new PortableDisk();

    /// <summary>Puts another disk in place for this flow of calls, and all that it starts, until disposed.</summary>
    public static IDisposable Use(IDisk disk)
    {
        var before = Replaced.Value;
        Replaced.Value = disk;
        return new Restore(before);
    }

    private sealed class Restore(IDisk? before) : IDisposable
    {
        public void Dispose() => Replaced.Value = before;
    }
}
