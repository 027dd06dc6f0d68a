using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Git;
using Ci.Pipelines.Experiments;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary>The data of experiments, between the cache and a remote.</summary>
internal static class ExpData
{
    /// <summary>The remote's store.</summary>
    public static IBlobStore Open(ExperimentWorkspace home, string? remote) => home.Project.Config.Remote(remote)
        .Open(home.Project.Config.Places.Environment ?? new Dictionary<string, string>(), new TransferOptions().Time);

    /// <summary>Sends what the cache has of an experiment's data.</summary>
    /// <returns>Objects sent.</returns>
    public static async Task<int> PushAsync(ExperimentWorkspace home, IBlobStore store, IEnumerable<Experiment> experiments, CancellationToken ct)
    {
        var outputs = new List<TrackedOutput>();
        foreach (var experiment in experiments)
            outputs.AddRange((await OutputsAsync(home, experiment, ct)).Where(o => home.Project.Cache.HasAll(o.Digest.Md5)));
        return await new DataTransfer(home.Project.Cache, store).PushAsync(outputs, ct);
    }

    /// <summary>Fetches an experiment's data into the cache.</summary>
    /// <returns>Objects fetched, and what the remote does not have.</returns>
    public static async Task<(int Count, IReadOnlyList<string> Missing)> FetchAsync(ExperimentWorkspace home, IBlobStore store, IEnumerable<Experiment> experiments, CancellationToken ct)
    {
        var outputs = new List<TrackedOutput>();
        foreach (var experiment in experiments)
        {
            // What stands in Git itself need not be on the remote.
            var inGit = (await home.Git.ListTreeAsync(experiment.Commit, ct: ct)).Select(e => Path.Combine(home.Git.Path, e.Path)).ToHashSet(StringComparer.Ordinal);
            outputs.AddRange((await OutputsAsync(home, experiment, ct)).Where(o => !inGit.Contains(o.Path)));
        }

        try
        {
            return (await new DataTransfer(home.Project.Cache, store).FetchAsync(outputs, ct), []);
        }
        catch (MissingDataException error)
        {
            return (0, [error.Message]);
        }
    }

    /// <summary>The files of a commit: those in Git, and those in the cache that its locks and pointers name.</summary>
    public static async Task<ExpFiles> FilesAsync(ExperimentWorkspace home, string commit, CancellationToken ct)
    {
        var tree = await home.Git.ListTreeAsync(commit, ct: ct);
        return new ExpFiles(home, commit, [.. tree.Select(e => e.Path)], await OutputsAsync(home, commit, tree, ct));
    }

    private static async Task<IReadOnlyList<TrackedOutput>> OutputsAsync(ExperimentWorkspace home, Experiment experiment, CancellationToken ct) =>
        [.. (await OutputsAsync(home, experiment.Commit, await home.Git.ListTreeAsync(experiment.Commit, ct: ct), ct)).DistinctBy(o => o.Digest.Md5)];

    // By the locks and pointers of the experiment's own commit.
    private static async Task<IReadOnlyList<TrackedOutput>> OutputsAsync(ExperimentWorkspace home, string commit, IReadOnlyList<GitTreeEntry> tree, CancellationToken ct)
    {
        var found = new List<TrackedOutput>();
        foreach (var entry in tree)
        {
            var isLock = entry.Path == "dvc.lock" || entry.Path.EndsWith("/dvc.lock", StringComparison.Ordinal);
            if ((!isLock && !entry.Path.EndsWith(".dvc", StringComparison.Ordinal)) || await home.Git.ReadFileAsync(commit, entry.Path, ct) is not { } bytes)
                continue;
            var folder = Path.GetDirectoryName(Path.Combine(home.Git.Path, entry.Path))!;
            var root = YamlReader.ReadValue(Encoding.UTF8.GetString(bytes), entry.Path) as OrderedDictionary<string, object?>;
            IEnumerable<object?> owners = isLock ? (root?.GetValueOrDefault("stages") as OrderedDictionary<string, object?>)?.Values ?? Enumerable.Empty<object?>() : [root];
            found.AddRange(owners.OfType<OrderedDictionary<string, object?>>().SelectMany(o => (o.GetValueOrDefault("outs") as IReadOnlyList<object?>) ?? []).OfType<OrderedDictionary<string, object?>>()
                .Where(o => o.GetValueOrDefault("path") is string && o.GetValueOrDefault("md5") is string md5 && Digest.IsValid(md5))
                .Select(o => new TrackedOutput(Path.GetFullPath((string)o["path"]!, folder), new Digest((string)o["md5"]!, o.GetValueOrDefault("size") as long? ?? 0))));
        }

        return found;
    }
}
