namespace Ci.Pipelines.Experiments;

/// <summary><c>randint(low,high)</c>: whole numbers, both ends included, as Python's.</summary>
public sealed record WholeRange(long Low, long High) : ParameterRange
{
    public override object At(double place) => Math.Min(this.High, this.Low + (long)Math.Floor(place * ((double)this.High - this.Low + 1)));
}
