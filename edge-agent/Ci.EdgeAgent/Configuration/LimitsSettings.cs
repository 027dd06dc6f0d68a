namespace Ci.EdgeAgent.Configuration;

/// <summary>What callers together may take from the device, beside the size of one body and the number of inferences at once.</summary>
internal sealed record LimitsSettings
{
    /// <summary>Bytes of request bodies held at once, 64 KiB to 16 GiB; beyond it 503. Never less than one body may have.</summary>
    public long MaxBufferedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Open connections, 8 to 65536; one more is closed at once.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Seconds that the head of a request may take, 0.1 to 3600.</summary>
    public double HeaderSeconds { get; init; } = 10;

    /// <summary>Seconds that a body may take to come (then 408) that a request may wait for its batch, and that the model may run for it (then 504), 0.05 to 3600.</summary>
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>Seconds that an unused connection is kept, 1 to 86400.</summary>
    public double KeepAliveSeconds { get; init; } = 120;

    public static LimitsSettings Read(SettingReader read)
    {
        var defaults = new LimitsSettings();
        return new LimitsSettings
        {
            MaxBufferedBytes = read.Whole("limits.maxBufferedBytes", AgentConfigurationFile.Prefix + "MAX_BUFFERED_BYTES", defaults.MaxBufferedBytes, 65_536, 1L << 34),
            MaxConnections = (int)read.Whole("limits.maxConnections", AgentConfigurationFile.Prefix + "MAX_CONNECTIONS", defaults.MaxConnections, 8, 65_536),
            HeaderSeconds = read.Number("limits.headerSeconds", AgentConfigurationFile.Prefix + "HEADER_SECONDS", defaults.HeaderSeconds, 0.1, 3600),
            TimeoutSeconds = read.Number("limits.timeoutSeconds", AgentConfigurationFile.Prefix + "TIMEOUT_SECONDS", defaults.TimeoutSeconds, 0.05, 3600),
            KeepAliveSeconds = read.Number("limits.keepAliveSeconds", AgentConfigurationFile.Prefix + "KEEP_ALIVE_SECONDS", defaults.KeepAliveSeconds, 1, 86_400),
        };
    }
}
