using Ci.Releases;

namespace Ci.Registry;

/// <summary>
/// All that the tags of a repository say at one moment. Order comes from ancestry and counters: a clock may lie, a merge base does not.
/// </summary>
public sealed record RegistrySnapshot
{
    /// <summary>By name in ordinal order; deprecated ones too.</summary>
    public required IReadOnlyList<RegisteredArtifact> Artifacts { get; init; }

    /// <summary>Every well-formed tag, oldest first.</summary>
    public required IReadOnlyList<RegistryEvent> Events { get; init; }

    /// <summary>Tags that look like ours and were skipped, each with the reason in words.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Every stage that any tag names, in ordinal order.</summary>
    public IReadOnlyList<string> Stages => [.. Events.Where(e => e.Stage is not null).Select(e => e.Stage!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public RegisteredArtifact? Find(string artifact) => Artifacts.FirstOrDefault(known => known.Name == artifact);

    internal static RegistrySnapshot Of(IEnumerable<RegistryEvent> events, IEnumerable<string> problems)
    {
        var ordered = events.OrderBy(e => e.Artifact, StringComparer.Ordinal).ThenBy(e => e, EventOrder.Instance).ToList();
        var said = new List<string>(problems);
        var artifacts = new List<RegisteredArtifact>();
        foreach (var group in ordered.GroupBy(e => e.Artifact, StringComparer.Ordinal))
        {
            var resolved = Resolve([.. group]);
            foreach (var orphan in resolved.Where(e => e.Is(RegistryEventKind.Deregistration) && !resolved.Exists(r => r.Is(RegistryEventKind.Registration) && r.Version == e.Version)))
                said.Add($"{orphan.Ref}: deregisters a version that no tag registers");
            if (resolved.Exists(e => !e.Is(RegistryEventKind.Deregistration)))
                artifacts.Add(StateOf(group.Key, resolved));
        }

        return new RegistrySnapshot
        {
            Artifacts = artifacts,
            Events = [.. artifacts.SelectMany(artifact => artifact.Events)],
            Problems = [.. said.Order(StringComparer.Ordinal)],
        };
    }

    // A stage tag says a commit; the version is the one registered there.
    private static List<RegistryEvent> Resolve(List<RegistryEvent> events) => events.ConvertAll(e => e.Tag.Stage is null
        ? e
        : e with { Version = events.FindLast(r => r.Is(RegistryEventKind.Registration) && r.Commit == e.Commit)?.Version ?? e.Commit });

    private static RegisteredArtifact StateOf(string name, List<RegistryEvent> events)
    {
        var stages = StagesOf(events);
        var versions = events.Where(e => e.Is(RegistryEventKind.Registration))
            .Where(r => !events.Exists(d => d.Is(RegistryEventKind.Deregistration) && d.Version == r.Version))
            .OrderByDescending(r => r.Generation).ThenByDescending(r => r.Tag.Version)
            .Select(r => new RegisteredVersion
            {
                Version = r.Version!,
                Commit = r.Commit,
                Ref = r.Ref,
                CreatedAt = r.Timestamp,
                Stages = [.. stages.Where(stage => stage.Value == r.Version).Select(stage => stage.Key)],
            }).ToList();
        var life = events.FindLast(e => e.Tag.Kind is RegistryEventKind.Creation or RegistryEventKind.Deprecation);
        return new RegisteredArtifact
        {
            Name = name,
            Latest = versions.FirstOrDefault()?.Version,
            Stages = stages,
            Versions = versions,
            Deprecated = life?.Is(RegistryEventKind.Deprecation) == true,
            Events = events,
        };
    }

    private static SortedDictionary<string, string> StagesOf(List<RegistryEvent> events)
    {
        var stages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var stage in events.Where(e => e.Stage is not null).GroupBy(e => e.Stage!, StringComparer.Ordinal))
        {
            // Each version's own last word on the stage; of those that still hold it, the latest.
            var live = stage.GroupBy(e => e.Version!, StringComparer.Ordinal).Select(version => version.Last())
                .Where(last => last.Is(RegistryEventKind.Assignment)).Order(EventOrder.Instance).LastOrDefault();
            if (live is not null)
                stages[stage.Key] = live.Version!;
        }

        return stages;
    }
}
