namespace Ci.Testing.Forge;

/// <summary>What goes wrong on purpose. Only requests of the API (not Git's) are harmed.</summary>
public sealed class ForgeFaults
{
    private readonly Lock gate = new();
    private readonly List<Fault> pending = [];

    /// <summary>Every request of the API waits so long first.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The first answer about a pull request whose head or base moved says <c>mergeable: null</c>, as GitHub does.</summary>
    public bool MergeabilityComesLate { get; set; }

    /// <summary>The next requests are answered with an error before anything is done.</summary>
    /// <param name="count">How many.</param>
    /// <param name="status">With what.</param>
    /// <param name="retryAfterSeconds">A <c>Retry-After</c> header, if any.</param>
    /// <param name="method">Only requests of this method.</param>
    public void FailNext(int count, int status = 502, int? retryAfterSeconds = null, string? method = null) =>
        this.Add(new Fault(count, status, retryAfterSeconds, method, AfterDoing: false));

    /// <summary>The next requests are done, and then the answer is lost behind a 502.</summary>
    public void LoseAnswersOfNext(int count, string? method = null) => this.Add(new Fault(count, 502, null, method, AfterDoing: true));

    /// <summary>The next requests are done, and their answers end in the middle.</summary>
    public void TruncateNext(int count, string? method = null) => this.Add(new Fault(count, 200, null, method, AfterDoing: true, Truncates: true));

    internal Fault? Take(string method)
    {
        lock (this.gate)
        {
            var index = this.pending.FindIndex(f => f.Method is null || f.Method == method);
            if (index < 0)
                return null;
            var fault = this.pending[index];
            if (fault.Count == 1)
                this.pending.RemoveAt(index);
            else
                this.pending[index] = fault with { Count = fault.Count - 1 };
            return fault;
        }
    }

    private void Add(Fault fault)
    {
        lock (this.gate)
        {
            this.pending.Add(fault);
        }
    }

    internal sealed record Fault(int Count, int Status, int? RetryAfterSeconds, string? Method, bool AfterDoing, bool Truncates = false);
}
