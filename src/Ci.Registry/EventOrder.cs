namespace Ci.Registry;

/// <summary>
/// The order of one artifact's events: counted stage tags by their counter, uncounted ones after them (such a tag is moved, so it is the
/// present), registrations by ancestry and then semantic version, what undoes after what it undoes.
/// </summary>
internal sealed class EventOrder : IComparer<RegistryEvent>
{
    public static readonly EventOrder Instance = new();

    public int Compare(RegistryEvent? x, RegistryEvent? y)
    {
        if (x is null || y is null)
            return Comparer<bool>.Default.Compare(x is not null, y is not null);
        var order = Rank(x).CompareTo(Rank(y));
        if (order == 0)
            order = (x.Tag.Counter ?? int.MaxValue).CompareTo(y.Tag.Counter ?? int.MaxValue);
        if (order == 0)
            order = x.Generation.CompareTo(y.Generation);
        if (order == 0)
            order = Comparer<Releases.SemanticVersion>.Default.Compare(x.Tag.Version, y.Tag.Version);
        if (order == 0)
            order = x.Tag.Kind.CompareTo(y.Tag.Kind);
        return order != 0 ? order : string.CompareOrdinal(x.Ref, y.Ref);
    }

    // Versions, then stages, then the artifact's life: only events of the same rank ever compete.
    private static int Rank(RegistryEvent item) => item.Tag.Kind switch
    {
        RegistryEventKind.Registration or RegistryEventKind.Deregistration => 0,
        RegistryEventKind.Assignment or RegistryEventKind.Unassignment => 1,
        _ => 2,
    };
}
