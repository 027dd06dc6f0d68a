namespace Ci.Forges;

/// <summary>How patient a forge client is.</summary>
public sealed record ForgeOptions
{
    /// <summary>What failed attempts and pauses may cost together, over all calls of one client. Default: 2 minutes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one attempt may take. Default: 30 seconds.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>At most so many attempts a call. Default: 6. Range: 1 to 20.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The first pause; it doubles, with jitter, unless the forge names one in <c>Retry-After</c>. Default: 0.5 seconds.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What we call ourselves to the forge.</summary>
    public string UserAgent { get; init; } = "mlops-action";
}
