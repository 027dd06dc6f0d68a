namespace Ci.Promotion;

/// <summary>The environments in their order (<c>policy/environments.yaml</c> of the deploy repository's default branch).</summary>
public sealed record Policy
{
    public const string Path = "policy/environments.yaml";

    public required IReadOnlyList<EnvironmentPolicy> Environments { get; init; }

    /// <summary>The environment of this name.</summary>
    /// <exception cref="PromotionException">There is none; the message lists those that exist.</exception>
    public EnvironmentPolicy Of(string environment) => Environments.FirstOrDefault(known => known.Name == environment)
        ?? throw new PromotionException($"no environment '{environment}' in {Path}; there are {string.Join(", ", Environments.Select(known => known.Name))}");

    /// <summary>The environment before this one; null for the first.</summary>
    public EnvironmentPolicy? Upstream(string environment)
    {
        var at = Environments.ToList().IndexOf(Of(environment));
        return at == 0 ? null : Environments[at - 1];
    }
}
