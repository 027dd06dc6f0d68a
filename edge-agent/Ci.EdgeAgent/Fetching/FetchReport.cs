namespace Ci.EdgeAgent.Fetching;

/// <summary>What a fetch cost.</summary>
/// <param name="Received">Bytes that came, wasted ones included.</param>
/// <param name="Wasted">Bytes that came and were thrown away: parts of chunks that broke off or were wrong.</param>
/// <param name="Failures">Requests that failed, or whose answer broke off.</param>
internal sealed record FetchReport(long Received, long Wasted, int Failures)
{
    public static readonly FetchReport Nothing = new(0, 0, 0);

    public static FetchReport operator +(FetchReport a, FetchReport b) => new(a.Received + b.Received, a.Wasted + b.Wasted, a.Failures + b.Failures);

    public string InWords() => Received == 0 ? "all of it was here"
        : Failures == 0 ? $"{Received} bytes came"
        : $"{Received} bytes came, {Wasted} of them in vain ({Failures} failures)";
}
