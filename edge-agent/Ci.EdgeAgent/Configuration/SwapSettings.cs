namespace Ci.EdgeAgent.Configuration;

/// <summary>Where a generation runs and whether two fit beside each other (<c>isolation</c> and <c>swap</c> in agent.json).</summary>
internal sealed record SwapSettings
{
    public const string InProcess = "in-process";
    public const string Child = "child";
    public const string Beside = "beside";
    public const string Preserve = "preserve";

    /// <summary><c>in-process</c> (default) or <c>child</c>: each generation in a process of its own behind the agent's listener.</summary>
    public string Isolation { get; init; } = InProcess;

    /// <summary>
    /// <c>beside</c> (default): the candidate is loaded while the current generation serves. <c>preserve</c>: the current one is unloaded
    /// first, for devices without memory for two; until the candidate is proven, requests are answered 503 with Retry-After.
    /// </summary>
    public string Mode { get; init; } = Beside;

    /// <summary>Memory that stays free beside a load: 0 to 1 TiB, 32 MiB by default.</summary>
    public long KeepFreeBytes { get; init; } = 32L << 20;

    /// <summary>
    /// Resident bytes of a model's own process beyond which it is replaced by a fresh one (<c>isolation</c> is <c>child</c>): 0 to 1 TiB; 0, the default: the
    /// release's signed limit of memory, or none.
    /// </summary>
    public long MaxChildBytes { get; init; }

    /// <summary>A candidate whose golden request takes this much longer (0.5: half more) than that of what serves is refused; 0, the default, only tells: 0 to 100.</summary>
    public double MaxGateSlowdown { get; init; }

    public bool IsPreserving => Mode == Preserve;

    public bool InChild => Isolation == Child;

    /// <summary>What a process of a release may hold.</summary>
    public long MostOfChild(long? signed) => MaxChildBytes > 0 ? MaxChildBytes : signed ?? long.MaxValue;

    public static SwapSettings Read(SettingReader read, string prefix) => new()
    {
        Isolation = OneOf(read, "isolation", prefix + "ISOLATION", InProcess, Child),
        Mode = OneOf(read, "swap.mode", prefix + "SWAP_MODE", Beside, Preserve),
        MaxGateSlowdown = read.Number("swap.maxGateSlowdown", prefix + "SWAP_MAX_GATE_SLOWDOWN", 0, 0, 100),
        MaxChildBytes = read.Whole("swap.maxChildBytes", prefix + "SWAP_MAX_CHILD_BYTES", 0, 0, 1L << 40),
        KeepFreeBytes = read.Whole("swap.keepFreeBytes", prefix + "SWAP_KEEP_FREE_BYTES", 32L << 20, 0, 1L << 40),
    };

    private static string OneOf(SettingReader read, string path, string variable, string usual, string other)
    {
        var value = read.Text(path, variable) ?? usual;
        if (value != usual && value != other)
            read.Errors.Add($"`{path}` must be \"{usual}\" or \"{other}\", not \"{value}\"");
        return value;
    }
}
