using Ci.Forges;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Promotion;

/// <summary>All that a promotion touches.</summary>
public sealed record PromotionContext
{
    public required DeployRepository Deploy { get; init; }

    public required ModelBranches Branches { get; init; }

    public required IBlobStore Store { get; init; }

    /// <summary>The keys that may sign at all; an environment's policy may narrow them.</summary>
    public required IReadOnlyList<TrustedKey> Keys { get; init; }

    /// <summary>Needed to open and check; null elsewhere is fine.</summary>
    public IForge? Forge { get; init; }

    /// <summary>
    /// Judges a release against what is live. Where there is none, the verdict that the release carries is all that the gates go by, and
    /// the rule says so.
    /// </summary>
    public IReleaseComparison? Comparison { get; init; }

    /// <summary>Where the project lies in the model repository: "" for its top, else "models/load/".</summary>
    public string ProjectFolder { get; init; } = "";

    public required TimeProvider Time { get; init; }

    /// <summary>Who does this, for the audit log.</summary>
    public required string Actor { get; init; }

    internal IForge NeedForge() => Forge ?? throw new PromotionException("this needs a forge: run it in a job, or give --repository and --api-url");

    /// <summary>The trusted keys that an environment allows.</summary>
    internal IReadOnlyList<TrustedKey> KeysFor(EnvironmentPolicy environment) =>
        environment.Keys.Count == 0 ? Keys : [.. Keys.Where(key => environment.Keys.Contains(key.Hint, StringComparer.Ordinal))];
}
