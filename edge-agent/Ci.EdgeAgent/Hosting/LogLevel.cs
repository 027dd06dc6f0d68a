namespace Ci.EdgeAgent.Hosting;

/// <summary>How much a line matters; the numbers are syslog's.</summary>
internal enum LogLevel
{
    Error = 3,
    Warning = 4,
    Notice = 5,
    Information = 6,
}
