namespace Ci.Pipelines.Experiments;

/// <summary>Listed values: <c>1,2,3</c>, <c>choice(a,b)</c>, <c>range(0,1,0.1)</c>. All are equally likely.</summary>
/// <param name="Values">At least one.</param>
/// <param name="IsSweep">Written as a list to choose from, be it of one value.</param>
public sealed record Choices(IReadOnlyList<object?> Values, bool IsSweep) : ParameterRange
{
    public override object? At(double place) => this.Values[Math.Min((int)(place * this.Values.Count), this.Values.Count - 1)];
}
