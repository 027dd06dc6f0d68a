namespace Ci.Monitoring;

/// <summary>The mailbox cannot be summed up; the message says what, where and how to fix it.</summary>
public sealed class MonitoringException(string message, Exception? inner = null) : Exception(message, inner);
