namespace Ci.EdgeAgent.Configuration;

/// <summary>How much of the device's disk and of its flash's life the agent may use (<c>quota</c> in agent.json).</summary>
internal sealed record QuotaSettings
{
    public const long DefaultKeepFreeBytes = 16L * 1024 * 1024;

    /// <summary>With less a day not even the journal could be kept.</summary>
    public const long LeastBytesPerDay = 1L << 20;

    /// <summary>Bytes that stay free on the file system of <c>data</c> whatever is fetched: 0 to 1 TiB, 16 MiB by default.</summary>
    public long KeepFreeBytes { get; init; } = DefaultKeepFreeBytes;

    /// <summary>
    /// Bytes that the agent may write in a day (UTC), all its files together: 0, the default, is without limit; else 1 MiB to 1 TiB. An
    /// update that would go beyond waits for the next day.
    /// </summary>
    public long WriteBytesPerDay { get; init; }

    public static QuotaSettings Read(SettingReader read, string prefix)
    {
        const double most = 1L << 40;
        var perDay = read.Whole("quota.writeBytesPerDay", prefix + "QUOTA_WRITE_BYTES_PER_DAY", 0, 0, most);
        if (perDay is > 0 and < LeastBytesPerDay)
            read.Errors.Add($"`quota.writeBytesPerDay` must be 0 (no limit) or at least {LeastBytesPerDay}: with {perDay} bytes a day not even the journal can be kept");
        return new QuotaSettings
        {
            KeepFreeBytes = read.Whole("quota.keepFreeBytes", prefix + "QUOTA_KEEP_FREE_BYTES", DefaultKeepFreeBytes, 0, most),
            WriteBytesPerDay = perDay,
        };
    }
}
