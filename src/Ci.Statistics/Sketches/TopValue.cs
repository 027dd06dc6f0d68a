namespace Ci.Statistics;

/// <summary>A frequent value. Its true number of occurrences lies in [<paramref name="Count"/> − <paramref name="Error"/>, <paramref name="Count"/>].</summary>
public readonly record struct TopValue(string Value, long Count, long Error);
