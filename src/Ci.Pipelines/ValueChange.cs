using System.Numerics;

namespace Ci.Pipelines;

/// <summary>A metric or parameter in two revisions.</summary>
/// <param name="Path">The file, from the project's root.</param>
/// <param name="Key">Dotted.</param>
/// <param name="Old">Null (with <see cref="HadOld"/> false) when it was not there.</param>
/// <param name="New">Null (with <see cref="HasNew"/> false) when it is not there.</param>
public sealed record ValueChange(string Path, string Key, object? Old, object? New)
{
    public bool HadOld { get; init; } = true;

    public bool HasNew { get; init; } = true;

    /// <summary>New minus old, when both are numbers: a <c>long</c>, a <c>BigInteger</c> or a <c>double</c>. True counts as one, as it does in Python.</summary>
    public object? Difference => (Number(this.Old), Number(this.New)) switch
    {
        (long a, long b) when b - a is var d && (d > b) == (a < 0) => d,
        (null, _) or (_, null) => null,
        (long or BigInteger, long or BigInteger) => ToBig(this.New) - ToBig(this.Old),
        var (a, b) => ToDouble(b) - ToDouble(a),
    };

    private static object? Number(object? value) => value switch
    {
        bool flag => flag ? 1L : 0L,
        long or double or BigInteger => value,
        _ => null,
    };

    private static BigInteger ToBig(object? value) => value switch { bool flag => flag ? 1 : 0, long integer => integer, _ => (BigInteger)value! };

    private static double ToDouble(object value) => value switch { long integer => integer, BigInteger big => (double)big, _ => (double)value };
}
