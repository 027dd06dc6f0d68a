namespace Ci.Data;

/// <summary>How objects are moved.</summary>
public sealed record TransferOptions
{
    /// <summary>Objects that move at the same time; four for each core, as DVC has it.</summary>
    public int Jobs { get; init; } = Math.Clamp(4 * Environment.ProcessorCount, 8, 64);

    /// <summary>Told how far it is.</summary>
    public TransferProgress Progress { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The pause before a broken download is continued for the first time; the next ones are longer.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(300);
}
