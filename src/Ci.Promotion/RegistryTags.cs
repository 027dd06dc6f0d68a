using Ci.Git;
using Ci.Registry;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>
/// The registry's tags of a release, made locally and pushed by compare-and-swap. They are an index: what GTO's grammar cannot say (two
/// versions of a model at one commit) becomes a note, never a failed promotion.
/// </summary>
internal sealed class RegistryTags(ModelBranches branches)
{
    private const int Attempts = 6;

    public async Task<(IReadOnlyList<string> Made, IReadOnlyList<string> Notes)> EnsureAsync(Release release, string stage, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await branches.FetchAsync(ct);
            var made = new List<string>();
            try
            {
                var registry = new TagRegistry(branches.Repository);
                var known = (await registry.ReadAsync(ct)).Find(release.Name)?.Versions.FirstOrDefault(v => v.Version == "v" + release.Version);
                if (known is null)
                    made.Add(await registry.RegisterAsync(release.Name, release.Provenance.Commit, SemanticVersion.Parse(release.Version), ct: ct));
                else if (known.Commit != release.Provenance.Commit)
                    throw new RegistryException($"version {known.Version} is registered at {known.Commit[..7]}, the release was made from {release.Provenance.Commit[..7]}");
                if (await registry.AssignAsync(release.Name, stage, release.Version, ct: ct) is { } tag)
                    made.Add(tag);
            }
            catch (RegistryException error)
            {
                return (await this.PushAsync(made, ct) ? made : [], [$"registry: {error.Message}"]);
            }

            if (await this.PushAsync(made, ct))
                return (made, []);
            if (attempt == Attempts)
                throw new PromotionContendedException("somebody else kept writing the same registry tags; run it again");
        }
    }

    /// <summary>False: somebody else made one of them; ours are removed here, so that the next fetch brings theirs.</summary>
    private async Task<bool> PushAsync(List<string> made, CancellationToken ct)
    {
        if (made.Count == 0)
            return true;
        var objects = (await branches.Repository.TagsAsync(ct)).Where(tag => made.Contains(tag.Name, StringComparer.Ordinal)).ToList();
        if (await branches.Repository.PushAsync(branches.Remote, [.. objects.Select(tag => new RefUpdate($"refs/tags/{tag.Name}", tag.TagObject, null))], ct) == PushOutcome.Accepted)
            return true;
        foreach (var tag in made)
            await branches.Repository.DeleteTagAsync(tag, ct);
        return false;
    }
}
