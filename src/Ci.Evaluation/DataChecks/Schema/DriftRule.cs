namespace Ci.Evaluation;

/// <summary>When a column counts as drifted from its reference: beyond chance, and by enough to matter.</summary>
public sealed record DriftRule
{
    /// <summary>The chance of even one false alarm over all tests together, where nothing has drifted.</summary>
    public double Level { get; init; } = 0.01;

    /// <summary>The least distance that counts: the share of rows that lie elsewhere (Kolmogorov–Smirnov, total variation).</summary>
    public double Distance { get; init; } = 0.1;

    /// <summary>The least change of the missing cells' share that counts.</summary>
    public double Missing { get; init; } = 0.05;

    /// <summary>Neighbouring rows that tell as much as one independent row; null measures it.</summary>
    public long? Block { get; init; }
}
