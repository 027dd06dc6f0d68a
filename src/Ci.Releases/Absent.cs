namespace Ci.Releases;

/// <summary>
/// What an absent optional collection is: empty. The JSON source generator sets every init-only property, absent ones to null, whatever their
/// initializer says (dotnet/runtime#58770); without this a foreign document could make a reader stumble.
/// </summary>
internal static class Absent
{
    public static IReadOnlyDictionary<string, T> Or<T>(IReadOnlyDictionary<string, T>? given) => given ?? new Dictionary<string, T>(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, T> Map<T>() => new Dictionary<string, T>(StringComparer.Ordinal);

    public static IReadOnlyList<T> Or<T>(IReadOnlyList<T>? given) => given ?? [];
}
