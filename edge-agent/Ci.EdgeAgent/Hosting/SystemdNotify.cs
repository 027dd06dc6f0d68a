using System.Net.Sockets;
using System.Text;

namespace Ci.EdgeAgent.Hosting;

/// <summary>Tells systemd (Type=notify) how far the service is; does nothing elsewhere. https://www.freedesktop.org/software/systemd/man/sd_notify.html</summary>
internal static class SystemdNotify
{
    public static void Ready(IReadOnlyDictionary<string, string> environment) => Send(environment, "READY=1");

    public static void Stopping(IReadOnlyDictionary<string, string> environment) => Send(environment, "STOPPING=1");

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
