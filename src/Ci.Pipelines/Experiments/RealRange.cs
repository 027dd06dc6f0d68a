namespace Ci.Pipelines.Experiments;

/// <summary><c>uniform(low,high)</c>, or <c>loguniform(low,high)</c>, whose logarithm is uniform.</summary>
public sealed record RealRange(double Low, double High, bool IsLogarithmic) : ParameterRange
{
    public override object At(double place) => Rounded(this.IsLogarithmic
        ? Math.Exp(Math.Log(this.Low) + (place * (Math.Log(this.High) - Math.Log(this.Low))))
        : this.Low + (place * (this.High - this.Low)));
}
