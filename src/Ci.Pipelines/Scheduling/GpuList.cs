using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ci.Pipelines.Scheduling;

/// <summary>The machine's GPUs, as <c>nvidia-smi -L</c> lists them; those that <c>CUDA_VISIBLE_DEVICES</c> leaves, should it be set.</summary>
internal static partial class GpuList
{
    private const string Tool = "nvidia-smi";
    private const string Visible = "CUDA_VISIBLE_DEVICES";
    private const int MostCharacters = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>None where there is no driver.</summary>
    /// <exception cref="PipelineException">The driver's tool does not answer, or not as it should.</exception>
    public static async Task<IReadOnlyList<GpuDevice>> ReadAsync(IReadOnlyDictionary<string, string> environment, TimeProvider time, CancellationToken ct)
    {
        var tool = (environment.GetValueOrDefault("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, Tool)).FirstOrDefault(File.Exists);
        if (tool is null)
            return [];
        var all = Parse(await AskAsync(tool, environment, time, ct));
        return environment.GetValueOrDefault(Visible) is { } some ? Left(all, some) : all;
    }

    /// <summary>Reads the tool's list. A GPU that is parted (MIG) stands for its parts.</summary>
    public static IReadOnlyList<GpuDevice> Parse(string text)
    {
        var devices = new List<GpuDevice>();
        GpuDevice? whole = null;
        foreach (var line in text.Split('\n'))
        {
            if (Whole().Match(line) is { Success: true } gpu)
                devices.Add(whole = new GpuDevice(gpu.Groups["uuid"].Value, gpu.Groups["name"].Value));
            else if (Part().Match(line) is { Success: true } part && whole is not null)
            {
                devices.Remove(whole);
                devices.Add(new GpuDevice(part.Groups["uuid"].Value, $"{whole.Name} {part.Groups["name"].Value}"));
            }
        }

        return devices;
    }

    // By the driver's rules: numbers or beginnings of UUIDs; the first that names nothing ends the list.
    private static List<GpuDevice> Left(IReadOnlyList<GpuDevice> all, string visible)
    {
        var left = new List<GpuDevice>();
        foreach (var name in visible.Split(',', StringSplitOptions.TrimEntries))
        {
            var found = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? all.ElementAtOrDefault(index)
                : name.Length > 0 ? all.FirstOrDefault(d => d.Uuid.StartsWith(name, StringComparison.Ordinal)) : null;
            if (found is null || left.Contains(found))
                break;
            left.Add(found);
        }

        return left;
    }

    private static async Task<string> AskAsync(string tool, IReadOnlyDictionary<string, string> environment, TimeProvider time, CancellationToken ct)
    {
        var start = new ProcessStartInfo(tool, ["-L"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var timeout = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        Process? process = null;
        try
        {
            process = Process.Start(start) ?? throw new PipelineException($"{tool} could not be started");
            var error = process.StandardError.ReadToEndAsync(both.Token);
            var buffer = new char[MostCharacters];
            var length = await process.StandardOutput.ReadBlockAsync(buffer, both.Token);
            await process.WaitForExitAsync(both.Token);
            // Where a driver is installed without a device, the tool says so by its exit code.
            return process.ExitCode switch
            {
                0 => new string(buffer, 0, length),
                6 => "",
                var code => throw new PipelineException(FormattableString.Invariant($"`{tool} -L` ended with exit code {code}: {(await error).Trim()}{new string(buffer, 0, Math.Min(length, 300)).Trim()}; GPUs cannot be had before it works")),
            };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new PipelineException($"`{tool} -L` did not answer within {Patience.TotalSeconds:0} s; GPUs cannot be had before it works");
        }
        catch (Win32Exception error)
        {
            throw new PipelineException($"{tool} could not be started: {error.Message}", error);
        }
        finally
        {
            if (process is { HasExited: false })
                process.Kill(entireProcessTree: true);
            process?.Dispose();
        }
    }

    [GeneratedRegex(@"^GPU \d+: (?<name>.{1,200}) \(UUID: (?<uuid>[A-Za-z0-9-]{4,80})\)\s*$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\s+MIG (?<name>.{1,100}?)\s+Device\s+\d+: \(UUID: (?<uuid>MIG-[A-Za-z0-9/-]{4,120})\)\s*$")]
    private static partial Regex Part();
}
