namespace Ci.EdgeAgent.Isolation;

/// <summary>The first message of a child: what it loaded, or why it could not.</summary>
internal sealed record ChildHello
{
    public string? Error { get; init; }

    public string Provider { get; init; } = "";

    public string? ProviderFallback { get; init; }

    public IReadOnlyList<ChildTensor> Inputs { get; init; } = [];

    public IReadOnlyList<ChildTensor> Outputs { get; init; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
