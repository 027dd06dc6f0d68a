using System.Globalization;

namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>The header <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Null where the caller set none.</summary>
    public static TimeSpan? Parse(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return null;
        if (header.Length - 1 is < 1 or > MaxDigits || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            throw new GrpcException(GrpcStatus.InvalidArgument, "grpc-timeout must be one to eight digits and a unit");
        var ticks = header[^1] switch
        {
            'H' => amount * TimeSpan.TicksPerHour,
            'M' => amount * TimeSpan.TicksPerMinute,
            'S' => amount * TimeSpan.TicksPerSecond,
            'm' => amount * TimeSpan.TicksPerMillisecond,
            'u' => amount * TimeSpan.TicksPerMicrosecond,
            'n' => amount / TimeSpan.NanosecondsPerTick,
            _ => throw new GrpcException(GrpcStatus.InvalidArgument, "grpc-timeout must end with H, M, S, m, u or n"),
        };
        return TimeSpan.FromTicks(Math.Min(ticks, Longest.Ticks));
    }
}
