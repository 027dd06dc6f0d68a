using Ci.Git;
using Ci.Releases;

namespace Ci.Registry;

/// <summary>The registry kept as annotated tags of a model repository, in GTO's grammar. Tags index releases; the release is the truth.</summary>
public sealed class TagRegistry(GitRepository repository)
{
    private const int MaxHistory = 100_000;

    /// <summary>Reads every tag; a malformed or lightweight one is reported and skipped, never fatal.</summary>
    public async Task<RegistrySnapshot> ReadAsync(CancellationToken ct = default)
    {
        var events = new List<RegistryEvent>();
        var problems = new List<string>();
        var generations = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var tag in await repository.TagsAsync(ct))
        {
            if (!RegistryTag.LooksLikeOne(tag.Name))
                continue;
            if (!RegistryTag.TryParse(tag.Name, out var parsed))
                problems.Add($"{tag.Name}: not a tag of the registry's grammar");
            else if (tag.TagObject is null)
                problems.Add($"{tag.Name}: lightweight; only annotated tags count");
            else
                events.Add(EventOf(tag, parsed, await this.GenerationAsync(tag.TargetCommit, generations, ct)));
        }

        return RegistrySnapshot.Of(events, problems);
    }

    /// <summary>Registers a version at a commit; without one, the next patch (or minor, or major) after the latest, from 0.0.1.</summary>
    /// <returns>The new tag's name.</returns>
    /// <exception cref="RegistryException">The commit or the version is registered already, or the revision does not exist.</exception>
    public async Task<string> RegisterAsync(
        string artifact, string revision, SemanticVersion? version = null, bool major = false, bool minor = false, CancellationToken ct = default)
    {
        var name = RegistryTag.ArtifactName(artifact);
        var commit = await this.CommitAsync(revision, ct);
        var known = (await this.ReadAsync(ct)).Find(name);
        if (known?.Versions.FirstOrDefault(v => v.Commit == commit) is { } there)
            throw new RegistryException($"'{name}' is already registered in this commit with version '{there.Version}'");
        var greatest = known?.Versions.Select(v => SemanticVersion.Parse(v.Version[1..])).Max();
        var chosen = version ?? (greatest ?? SemanticVersion.Parse("0.0.0")).Next(major, minor);
        if (known?.Events.Any(e => e.Tag.Version == chosen) == true)
            throw new RegistryException($"version 'v{chosen}' of '{name}' exists already");
        var tag = RegistryTag.OfVersion(name, chosen).ToString();
        await repository.CreateTagAsync(tag, commit, $"Registering artifact {name} version v{chosen}\n", ct);
        return tag;
    }

    /// <summary>Assigns a stage to the version registered at a commit.</summary>
    /// <param name="artifact">Its name.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="version">With or without 'v'; null takes the version registered at <paramref name="revision"/>.</param>
    /// <param name="revision">Used when no version is given; null means the latest version.</param>
    /// <param name="ct">Ends git.</param>
    /// <returns>The new tag's name, or null when the stage is assigned to that version already.</returns>
    /// <exception cref="RegistryException">No such version.</exception>
    public async Task<string?> AssignAsync(string artifact, string stage, string? version = null, string? revision = null, CancellationToken ct = default)
    {
        var snapshot = await this.ReadAsync(ct);
        var found = await this.VersionAsync(snapshot, artifact, version, revision, ct);
        return found.Stages.Contains(stage, StringComparer.Ordinal)
            ? null
            : await this.WriteStageAsync(snapshot, artifact, stage, found, unassign: false, ct);
    }

    /// <summary>Takes a stage from a version (null: from the one that has it), a version from the registry, or deprecates the whole artifact.</summary>
    /// <returns>The new tag's name.</returns>
    /// <exception cref="RegistryException">There is nothing such to undo.</exception>
    public async Task<string> DeprecateAsync(string artifact, string? version = null, string? stage = null, CancellationToken ct = default)
    {
        var snapshot = await this.ReadAsync(ct);
        var name = RegistryTag.ArtifactName(artifact);
        var known = snapshot.Find(name) ?? throw new RegistryException($"cannot find artifact '{name}'");
        if (version is null)
        {
            if (known.Deprecated)
                throw new RegistryException($"'{name}' is deprecated already");
            var life = RegistryTag.OfArtifact(name, deprecate: true).ToString();
            await repository.CreateTagAsync(life, known.Versions is [var latest, ..] ? latest.Commit : "HEAD", $"Deprecating artifact '{name}'\n", ct);
            return life;
        }

        var found = await this.VersionAsync(snapshot, name, version, null, ct);
        if (stage is not null)
        {
            return found.Stages.Contains(stage, StringComparer.Ordinal)
                ? await this.WriteStageAsync(snapshot, name, stage, found, unassign: true, ct)
                : throw new RegistryException($"stage '{stage}' is not assigned to version '{found.Version}' of '{name}'");
        }

        var tag = RegistryTag.OfVersion(name, SemanticVersion.Parse(found.Version[1..]), deregister: true).ToString();
        await repository.CreateTagAsync(tag, found.Commit, $"Deregistering artifact '{name}' version '{found.Version}'\n", ct);
        return tag;
    }

    /// <summary>The event of a tag's name, or null when there is none (an unknown one is no error).</summary>
    public async Task<RegistryEvent?> CheckRefAsync(string tagName, CancellationToken ct = default) =>
        (await this.ReadAsync(ct)).Events.FirstOrDefault(e => e.Ref == tagName);

    private static RegistryEvent EventOf(GitTag tag, RegistryTag parsed, int generation)
    {
        var mail = tag.Tagger?.LastIndexOf('<') ?? -1;
        return new RegistryEvent
        {
            Timestamp = tag.TaggedAt,
            Artifact = parsed.Artifact,
            Event = parsed.Kind.ToString().ToLowerInvariant(),
            Version = parsed.Version is null ? null : "v" + parsed.Version,
            Stage = parsed.Stage,
            Commit = tag.TargetCommit,
            Author = mail > 0 ? tag.Tagger![..mail].Trim() : tag.Tagger,
            AuthorEmail = mail >= 0 ? tag.Tagger![(mail + 1)..].TrimEnd('>') : null,
            Message = tag.Message,
            Ref = tag.Name,
            Tag = parsed,
            Generation = generation,
        };
    }

    private async Task<string> WriteStageAsync(RegistrySnapshot snapshot, string artifact, string stage, RegisteredVersion version, bool unassign, CancellationToken ct)
    {
        var name = RegistryTag.ArtifactName(artifact);
        var known = snapshot.Find(name)!;
        if (known.Events.Any(e => e.Stage == stage && e.Tag.Counter is null))
            throw new RegistryException($"stage '{stage}' of '{name}' is kept as one tag without a counter ('{name}#{stage}'), which only gto moves; delete that tag to count from now on");
        var counter = known.Events.Max(e => e.Tag.Counter ?? 0) + 1;
        var tag = RegistryTag.OfStage(name, stage, counter, unassign).ToString();
        var message = unassign
            ? $"Unassigning stage '{stage}' to artifact '{name}' version '{version.Version}'\n"
            : $"Assigning stage {stage} to artifact {name} version {version.Version}\n";
        await repository.CreateTagAsync(tag, version.Commit, message, ct);
        return tag;
    }

    private async Task<RegisteredVersion> VersionAsync(RegistrySnapshot snapshot, string artifact, string? version, string? revision, CancellationToken ct)
    {
        var name = RegistryTag.ArtifactName(artifact);
        var versions = snapshot.Find(name)?.Versions ?? [];
        if (version is not null)
        {
            var wanted = version.StartsWith('v') ? version : "v" + version;
            return versions.FirstOrDefault(v => v.Version == wanted) ?? throw new RegistryException($"version '{wanted}' of '{name}' is not registered");
        }

        if (revision is null)
            return versions.Count > 0 ? versions[0] : throw new RegistryException($"no versions found for '{name}'");
        var commit = await this.CommitAsync(revision, ct);
        return versions.FirstOrDefault(v => v.Commit == commit)
            ?? throw new RegistryException($"no version of '{name}' is registered at {commit[..7]}; `mlops registry register {name} {commit[..7]}` registers one");
    }

    private async Task<string> CommitAsync(string revision, CancellationToken ct) =>
        await repository.ResolveAsync(revision, ct) ?? throw new RegistryException($"'{Names.Quote(revision)}' is no commit of this repository");

    // One log per yet unseen part of the history, not one per tag.
    private async Task<int> GenerationAsync(string commit, Dictionary<string, int> generations, CancellationToken ct)
    {
        if (generations.TryGetValue(commit, out var known))
            return known;
        var commits = await repository.LogAsync(commit, MaxHistory, ct);
        var parents = commits.ToDictionary(c => c.Id, c => c.Parents, StringComparer.Ordinal);
        var open = new Stack<string>([commit]);
        while (open.TryPeek(out var next))
        {
            var missing = parents.GetValueOrDefault(next, []).Where(parent => parents.ContainsKey(parent) && !generations.ContainsKey(parent)).ToList();
            if (missing.Count > 0)
            {
                missing.ForEach(open.Push);
                continue;
            }

            generations[next] = 1 + parents.GetValueOrDefault(next, []).Select(parent => generations.GetValueOrDefault(parent)).DefaultIfEmpty(0).Max();
            open.Pop();
        }

        return generations[commit];
    }
}
