using System.Globalization;
using System.Text;

namespace Ci.EdgeAgent.Hosting.Services;

/// <summary>Lines with syslog's priority at their head (<c>&lt;4&gt;…</c>), as <see cref="AgentLog"/> writes them for journald, for a log that takes it as a value of its own.</summary>
internal sealed class PriorityLog(Action<LogLevel, string> to) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        // The agent's log writes whole lines.
    }

    public override void WriteLine(string? value)
    {
        var line = value ?? "";
        if (line is ['<', >= '0' and <= '7', '>', ..])
            to((LogLevel)(line[1] - '0'), line[3..]);
        else
            to(LogLevel.Information, line);
    }
}
