using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Doctor;

/// <summary>The machine: clock, disk, rights, port.</summary>
internal static class MachineChecks
{
    private const long LeastFree = 64L << 20;
    private const long ComfortableFree = 512L << 20;
    private static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>No network is asked for the time: a clock before this program was made, or before the agent's own newest file, is wrong.</summary>
    public static Finding Clock(AgentConfiguration configuration, AgentWorld world)
    {
        const string fix = "set the clock (timedatectl set-ntp true); certificates and releases have dates";
        var now = world.Time.GetUtcNow();
        if (now < Earliest)
            return Finding.Fail("clock", string.Create(CultureInfo.InvariantCulture, $"it says {now:u}, which is before this program was made"), fix);
        var newest = Directory.Exists(configuration.Data) ? world.Files.List(configuration.Data).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max() : default;
        return newest > now.UtcDateTime.AddMinutes(10)
            ? Finding.Warn("clock", string.Create(CultureInfo.InvariantCulture, $"it says {now:u}, but the agent wrote a file at {newest:u}: it went back"), fix)
            : Finding.Ok("clock", string.Create(CultureInfo.InvariantCulture, $"{now:u}"));
    }

    public static Finding Disk(AgentConfiguration configuration, AgentWorld world)
    {
        try
        {
            var free = world.Files.FreeBytes(Existing(configuration.Data));
            var words = string.Create(CultureInfo.InvariantCulture, $"{free / 1048576.0:F0} MB free where {configuration.Data} lies");
            const string fix = "free some, or move `data` to a larger disk; beside what serves, a new release needs room of its own";
            return free < LeastFree ? Finding.Fail("disk", words, fix) : free < ComfortableFree ? Finding.Warn("disk", words, fix) : Finding.Ok("disk", words);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Fail("disk", error.Message, "mount what `data` lies on");
        }
    }

    /// <summary>Whoever runs the doctor is asked, so run it as the agent's user or as root.</summary>
    public static Finding Rights(AgentConfiguration configuration, AgentWorld world)
    {
        try
        {
            var probe = Path.Combine(configuration.Data, $"doctor-{Environment.ProcessId}.tmp");
            DurableFile.Replace(world.Files, probe, "x"u8);
            world.Files.Delete(probe);
            return !OperatingSystem.IsWindows() && IsOpen(configuration.Data)
                ? Finding.Warn("permissions", $"{configuration.Data} can be written by everyone: whoever may write there decides what the agent does", $"chmod 700 {configuration.Data}")
                : Finding.Ok("permissions", $"{configuration.Data} can be written by this user");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail("permissions", $"cannot write to {configuration.Data}: {error.Message}", "give the agent's user that folder (StateDirectory= of the unit does)");
        }
    }

    /// <summary>Free, or held by this very agent.</summary>
    public static Finding Port(AgentConfiguration configuration, bool running)
    {
        var uri = new Uri(LocalAddress.Of(configuration.Listen));
        if (running)
            return Finding.Ok("port", $"the agent that is running listens on {configuration.Listen}");
        try
        {
            var address = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Loopback;
            using var listener = new TcpListener(address, uri.Port) { ExclusiveAddressUse = true };
            listener.Start();
            return Finding.Ok("port", $"{configuration.Listen} is free");
        }
        catch (SocketException error)
        {
            return Finding.Fail("port", $"cannot listen on {configuration.Listen}: {error.Message}", "stop who holds it (ss -ltnp), or choose another `listen`");
        }
    }

    private static string Existing(string folder)
    {
        var at = folder;
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } above)
            at = above;
        return at;
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOpen(string folder) => (File.GetUnixFileMode(folder) & UnixFileMode.OtherWrite) != UnixFileMode.None;
}
