using Ci.Testing;

namespace Ci.Benchmarks.Pipelines;

/// <summary>The programs that are measured.</summary>
internal static class BenchmarkTools
{
    public static string Mlops => RepositoryRoot.At("artifacts", "bin", "mlops");

    /// <summary>The real tool, where the machine has it.</summary>
    public static string? Dvc { get; } = Environment.GetEnvironmentVariable("DVC") is { Length: > 0 } path ? path : null;
}
