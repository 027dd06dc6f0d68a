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

    /// <summary>New minus old, when both are numbers: a <c>long</c> or a <c>double</c>.</summary>
    public object? Difference => (this.Old, this.New) switch
    {
        (long a, long b) => b - a,
        (long or double, long or double) => ToDouble(this.New) - ToDouble(this.Old),
        _ => null,
    };

    private static double ToDouble(object value) => value is long integer ? integer : (double)value;
}
