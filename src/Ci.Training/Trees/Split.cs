namespace Ci.Training.Trees;

/// <summary>A way to part a leaf: rows whose bin is at most <paramref name="Bin"/> go left, missing ones where it says.</summary>
/// <remarks>
/// <c>Gain</c>: What the loss falls by, times two; 0 where there is no split worth making.
/// <c>LeftPacked</c>: Gradient and count of the left side, see <see cref="FixedPoint"/>.
/// </remarks>
internal readonly record struct Split(double Gain, int Feature, int Bin, bool MissingLeft, long LeftPacked, long LeftHessian)
{
    public static readonly Split None = new(0, int.MaxValue, 0, false, 0, 0);

    /// <summary>Larger gain first, then the smaller feature number: an order that no thread can change.</summary>
    public bool Beats(in Split other) => this.Gain > other.Gain || (this.Gain == other.Gain && this.Feature < other.Feature);
}
