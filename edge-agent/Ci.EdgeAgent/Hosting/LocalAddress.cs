namespace Ci.EdgeAgent.Hosting;

/// <summary>Where this machine reaches its own listener: one that listens on all addresses is asked on the loopback.</summary>
internal static class LocalAddress
{
    private static readonly string[] Any = ["//0.0.0.0", "//[::]", "//*", "//+"];

    public static string Of(string listen) => Any.Aggregate(listen, (address, any) => address.Replace(any, "//127.0.0.1", StringComparison.Ordinal));
}
