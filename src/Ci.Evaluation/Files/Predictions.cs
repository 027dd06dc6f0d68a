namespace Ci.Evaluation;

/// <summary>Per-example predictions, in the order of the key.</summary>
internal sealed record Predictions
{
    public required Scores Scores { get; init; }

    /// <summary>Row numbers in the data file, from 1.</summary>
    public required IReadOnlyList<long> Rows { get; init; }

    /// <summary>The keys; null where there is no key column.</summary>
    public string[]? Keys { get; init; }

    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What is sliced by, and each row's value.</summary>
    public IReadOnlyList<(string Name, string[] Values)> Slicings { get; init; } = [];

    public IEnumerable<Slice> Slices => this.Slicings.SelectMany(s => SliceFinder.Split(s.Name, s.Values));
}
