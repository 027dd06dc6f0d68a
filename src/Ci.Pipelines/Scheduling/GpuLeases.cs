using System.Globalization;

namespace Ci.Pipelines.Scheduling;

/// <summary>
/// GPUs that belong to one command at a time, on the whole machine: a file for each in one folder that everybody may write, held by
/// <c>flock(2)</c>. The file names the command that uses the GPU, so that one left behind by a killed mlops is respected, too.
/// </summary>
internal sealed class GpuLeases(IReadOnlyDictionary<string, string> environment, TimeProvider time)
{
    /// <summary>The environment variable that names another folder for the leases.</summary>
    public const string FolderVariable = "MLOPS_GPU_LEASES";

    private const string Everywhere = "/tmp/mlops-gpu-leases";
    private const int MostBytes = 100;
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.StickyBit;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private string Folder => environment.GetValueOrDefault(FolderVariable) is { Length: > 0 } own ? own : Everywhere;

    /// <summary>Takes so many of the devices, all or none, waiting as long as it takes.</summary>
    /// <param name="devices">Those that would do.</param>
    /// <param name="count">How many.</param>
    /// <param name="waits">Called once when it must be waited.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<GpuLease> TakeAsync(IReadOnlyList<GpuDevice> devices, int count, Action<string> waits, CancellationToken ct)
    {
        this.MakeFolder();
        for (var attempt = 0; ; attempt++)
        {
            if (this.TryTake(devices, count) is { } lease)
                return lease;
            // The first time perhaps only another one's look at the same files stood in the way.
            if (attempt == 1)
                waits(FormattableString.Invariant($"{count} of the {devices.Count} GPUs of this machine, which other commands use"));
            await Task.Delay(Pause, time, ct);
        }
    }

    // One process at a time tries: two that want several never hold a part of them against each other.
    private GpuLease? TryTake(IReadOnlyList<GpuDevice> devices, int count)
    {
        using var turn = this.TryOpen("turn");
        if (turn is null)
            return null;
        var held = new List<(GpuDevice, FileStream)>();
        foreach (var device in devices)
        {
            if (this.TryOpen(device.Uuid.Replace('/', '_')) is not { } file)
                continue;
            if (IsUsed(file))
            {
                file.Dispose();
                continue;
            }

            held.Add((device, file));
            if (held.Count == count)
                return new GpuLease(held);
        }

        held.ForEach(h => h.Item2.Dispose());
        return null;
    }

    private static bool IsUsed(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        var text = System.Text.Encoding.ASCII.GetString(bytes[..file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false)]);
        return text.Split(' ') is [var process, var started] && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks < DateTimeOffset.MaxValue.Ticks
            && CommandRunner.Lives(id, new DateTimeOffset(ticks, TimeSpan.Zero));
    }

    private FileStream? TryOpen(string name)
    {
        var path = Path.Combine(this.Folder, name);
        try
        {
            // Opened before it is created: in a folder for all, systems refuse to "create" what another user owns.
            if (File.Exists(path))
                return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file.SafeFileHandle, ForAll);
            return file;
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException or FileNotFoundException))
        {
            return null;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new PipelineException($"{path} cannot be locked ({error.Message}), so GPUs cannot be shared out; let everybody write it, or name another folder in {FolderVariable}", error);
        }
    }

    private void MakeFolder()
    {
        if (Directory.Exists(this.Folder))
            return;
        Directory.CreateDirectory(this.Folder);
        if (!OperatingSystem.IsWindows() && this.Folder == Everywhere)
            File.SetUnixFileMode(this.Folder, ForAll | Enter);
    }
}
