namespace Ci.EdgeAgent.Configuration;

/// <summary><c>fetch</c>: how blobs come to this device, and what they may cost. docs/guide/edge-sources.md explains each.</summary>
internal sealed record FetchSettings
{
    /// <summary>Stores that hold the same blobs as <c>store</c>, in order; asked when it fails.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>Agents in the same network, like <c>http://10.0.0.7:8090</c>, asked before any store. What they send is believed by its digest alone.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>Where this agent serves its own verified objects to others, read-only; null: nowhere.</summary>
    public string? PeerListen { get; init; }

    /// <summary>Chunks on their way at the same time.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>0: as fast as it goes.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>0: no budget. Counted by the date in <see cref="TimeZone"/>, wasted bytes included.</summary>
    public long BytesPerDay { get; init; }

    /// <summary>Ranges like <c>22:00-06:00</c> in which chunks may be begun; none: always.</summary>
    public IReadOnlyList<string> Windows { get; init; } = [];

    /// <summary>The time zone (IANA) of windows and days.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>A proxy for everything, <c>none</c> for no proxy; null: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY.</summary>
    public string? Proxy { get; init; }

    /// <summary>Hosts that are asked directly, parted by commas; null: NO_PROXY.</summary>
    public string? NoProxy { get; init; }

    /// <summary>Failures in a row, without one whole chunk between, before the update waits for the next look.</summary>
    public int Attempts { get; init; } = 6;

    public static FetchSettings Read(SettingReader read, string prefix)
    {
        var defaults = new FetchSettings();
        return new FetchSettings
        {
            Mirrors = read.Texts("fetch.mirrors", prefix + "FETCH_MIRRORS", ',') ?? defaults.Mirrors,
            Peers = read.Texts("fetch.peers", prefix + "FETCH_PEERS", ',') ?? defaults.Peers,
            PeerListen = read.Text("fetch.peerListen", prefix + "FETCH_PEER_LISTEN"),
            Parallel = (int)read.Whole("fetch.parallel", prefix + "FETCH_PARALLEL", defaults.Parallel, 1, 16),
            BytesPerSecond = read.Whole("fetch.bytesPerSecond", prefix + "FETCH_BYTES_PER_SECOND", 0, 0, 1L << 40),
            BytesPerDay = read.Whole("fetch.bytesPerDay", prefix + "FETCH_BYTES_PER_DAY", 0, 0, 1L << 50),
            Windows = read.Texts("fetch.windows", prefix + "FETCH_WINDOWS", ',') ?? defaults.Windows,
            TimeZone = read.Text("fetch.timeZone", prefix + "FETCH_TIME_ZONE") ?? defaults.TimeZone,
            Proxy = read.Text("fetch.proxy", prefix + "FETCH_PROXY"),
            NoProxy = read.Text("fetch.noProxy", prefix + "FETCH_NO_PROXY"),
            Attempts = (int)read.Whole("fetch.attempts", prefix + "FETCH_ATTEMPTS", defaults.Attempts, 1, 100),
        };
    }

    public void Check(List<string> errors)
    {
        foreach (var window in Windows.Where(w => !Fetching.DownloadWindow.TryParse(w, out _)))
            errors.Add($"`fetch.windows`: {window} is no window; write it like 22:00-06:00");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            errors.Add($"`fetch.timeZone`: this machine knows no time zone {TimeZone}; write it like Europe/Berlin");
        foreach (var peer in Peers.Where(p => !IsWeb(p)))
            errors.Add($"`fetch.peers`: {peer} is no address like http://10.0.0.7:8090");
        if (PeerListen is { } listen && !IsWeb(listen))
            errors.Add($"`fetch.peerListen` must be like http://10.0.0.7:8090, not {listen}");
        if (Proxy is { } proxy && proxy != "none" && !Uri.TryCreate(proxy, UriKind.Absolute, out _))
            errors.Add("`fetch.proxy` must be like http://proxy.example.org:3128, or none");
    }

    private static bool IsWeb(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/";
}
