using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ci.EdgeAgent.Hosting;

/// <summary>Tells systemd (Type=notify) how far the service is; does nothing elsewhere. https://www.freedesktop.org/software/systemd/man/sd_notify.html</summary>
internal static class SystemdNotify
{
    private const int MaxStatus = 200;

    public static void Ready(IReadOnlyDictionary<string, string> environment, string status) => Send(environment, $"READY=1\nSTATUS={OneLine(status)}");

    public static void Status(IReadOnlyDictionary<string, string> environment, string status) => Send(environment, $"STATUS={OneLine(status)}");

    public static void Stopping(IReadOnlyDictionary<string, string> environment) => Send(environment, "STOPPING=1\nSTATUS=finishing the requests under way");

    /// <summary>Lives; systemd ends and restarts a service that stops saying so.</summary>
    public static void Alive(IReadOnlyDictionary<string, string> environment) => Send(environment, "WATCHDOG=1");

    /// <summary>How often systemd wants to hear that the service lives; null where it does not ask, or asks another process.</summary>
    public static TimeSpan? WatchdogTime(IReadOnlyDictionary<string, string> environment, int processId)
    {
        var pid = environment.GetValueOrDefault("WATCHDOG_PID", "");
        var mine = pid.Length == 0 || pid == processId.ToString(CultureInfo.InvariantCulture);
        return mine && long.TryParse(environment.GetValueOrDefault("WATCHDOG_USEC", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds is > 0 and < 86_400_000_000
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private static string OneLine(string text)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length > MaxStatus ? line[..MaxStatus] + "…" : line;
    }

    private static void Send(IReadOnlyDictionary<string, string> environment, string state)
    {
        if (!environment.TryGetValue("NOTIFY_SOCKET", out var path) || path.Length == 0 || !Socket.OSSupportsUnixDomainSockets)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException)
        {
            // A supervisor that cannot be told is no reason not to serve.
        }
    }
}
