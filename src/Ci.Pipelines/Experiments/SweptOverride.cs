namespace Ci.Pipelines.Experiments;

/// <summary>One <c>-S</c> as it was written: a settled change, or one whose value is still to be chosen from a range.</summary>
/// <param name="File">From the project's root.</param>
/// <param name="Kind">What happens to the key.</param>
/// <param name="Key">Dotted.</param>
/// <param name="Range">The values; of a settled change, the one.</param>
public sealed record SweptOverride(string File, OverrideKind Kind, string Key, ParameterRange Range)
{
    /// <summary>Nothing is left to choose.</summary>
    public bool IsSettled => this.Range is Choices { Values.Count: 1, IsSweep: false };

    /// <summary>The change with one value.</summary>
    public ParameterOverride With(object? value) => new(this.File, this.Kind, this.Key, value);

    public ParameterOverride Settled => this.With(((Choices)this.Range).Values[0]);
}
