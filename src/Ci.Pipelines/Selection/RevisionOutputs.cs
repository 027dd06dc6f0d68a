using Ci.Data;
using Ci.Git;

namespace Ci.Pipelines.Selection;

/// <summary>
/// Reads what commits track. The few files that say so are laid out in a temporary folder and read as the workspace is, so that templates
/// and parameters mean the same; commits in which none of them changed are read once.
/// </summary>
public sealed class RevisionOutputs(Project project, GitRepository git)
{
    private static readonly string[] ParameterFiles = [".yaml", ".yml", ".json", ".toml", ".py"];

    // What a file of parameters or stages may hold at most; data that lies in Git is none.
    private const int MostBytes = 16 << 20;

    private readonly Dictionary<string, byte[]?> blobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>What the commits of a scope track, beside what the workspace does.</summary>
    /// <param name="scope">Which commits.</param>
    /// <param name="request">Of these, which data; targets that a commit does not have are passed over.</param>
    /// <param name="fails">Told of a commit that cannot be read; false goes on without it.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<TrackedOutput>> ReadAsync(RevisionScope scope, OutputRequest request, Func<string, Exception, bool> fails, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(fails);
        var found = new Dictionary<(string, string), TrackedOutput>();
        foreach (var commit in await scope.ResolveAsync(git, ct))
        {
            try
            {
                foreach (var output in await this.ReadOneAsync(commit, request, ct))
                    found.TryAdd((output.Path, output.Digest.Md5), output);
            }
            catch (Exception error) when (error is DataException or PipelineException)
            {
                if (fails(commit, error))
                    throw;
            }
        }

        return [.. found.Values];
    }

    private async Task<IReadOnlyList<TrackedOutput>> ReadOneAsync(string commit, OutputRequest request, CancellationToken ct)
    {
        var prefix = Path.GetRelativePath(git.Path, project.Root).Replace(Path.DirectorySeparatorChar, '/');
        prefix = prefix == "." ? "" : prefix + "/";
        var tree = (await git.ListTreeAsync(commit, prefix, ct: ct)).Where(e => e.Type == "blob" && e.Mode != "120000").Select(e => (Path: e.Path[prefix.Length..], e.Id)).ToList();
        var described = tree.Where(e => IsDescription(e.Path)).ToList();
        if (described.Count == 0)
            return [];
        var texts = new List<(string Path, string Id, byte[] Bytes)>();
        foreach (var (path, id) in described)
            texts.Add((path, id, await this.BlobAsync(commit, prefix + path, id, ct)));
        var pipelines = string.Join('\n', texts.Where(t => Path.GetFileName(t.Path) == PipelineFile.Name).Select(t => System.Text.Encoding.UTF8.GetString(t.Bytes)));
        foreach (var (path, id) in tree.Where(e => IsParameters(e.Path, pipelines)))
            texts.Add((path, id, await this.BlobAsync(commit, prefix + path, id, ct)));
        return this.known.Add(string.Join('\n', texts.Select(t => $"{t.Path} {t.Id}"))) ? this.Read(commit, texts, request) : [];
    }

    private static bool IsDescription(string path) =>
        Path.GetFileName(path) is var name && (name is PipelineFile.Name or LockFile.Name or IgnoreRules.Name || (name.EndsWith(".dvc", StringComparison.Ordinal) && name.Length > 4)) && !path.StartsWith(".dvc/", StringComparison.Ordinal);

    private static bool IsParameters(string path, string pipelines) =>
        pipelines.Length > 0 && Path.GetFileName(path) is var name && name is not (PipelineFile.Name or LockFile.Name) && ParameterFiles.Contains(Path.GetExtension(name), StringComparer.Ordinal)
        && (name == PipelineFile.DefaultParameters || pipelines.Contains(name, StringComparison.Ordinal));

    private async Task<byte[]> BlobAsync(string commit, string path, string id, CancellationToken ct)
    {
        if (!this.blobs.TryGetValue(id, out var bytes))
            this.blobs[id] = bytes = await git.ReadFileAsync(commit, path, ct);
        return bytes is { Length: <= MostBytes } ? bytes : throw new DataException($"{path} at {commit[..8]} is too large to describe data");
    }

    private IReadOnlyList<TrackedOutput> Read(string commit, List<(string Path, string Id, byte[] Bytes)> texts, OutputRequest request)
    {
        var folder = Directory.CreateTempSubdirectory("mlops-revision-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, ".dvc"));
            foreach (var (path, _, bytes) in texts)
            {
                var file = Path.GetFullPath(Path.Combine(folder, path));
                if (!file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    throw new DataException($"{path} at {commit[..8]} leaves the repository");
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file, bytes);
            }

            var there = Path.GetFullPath(Path.Combine(folder, Path.GetRelativePath(project.Root, request.Folder)));
            var pipeline = Pipeline.Load(Project.Open(folder, TimeProvider.System));
            return [.. Select(pipeline, request with { Folder = there }, project.Root, folder).Select(o => o with { Path = Path.Combine(project.Root, Path.GetRelativePath(folder, o.Path)) })];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<TrackedOutput> Select(Pipeline pipeline, OutputRequest request, string root, string folder)
    {
        if (request.Targets.Count == 0)
            return OutputSelection.Of(pipeline, request);
        var chosen = new List<TrackedOutput>();
        foreach (var target in request.Targets)
        {
            var here = target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? folder + target[root.Length..] : target;
            try
            {
                chosen.AddRange(OutputSelection.Of(pipeline, request with { Targets = [here] }));
            }
            catch (PipelineException)
            {
                // This commit knew no such target; the workspace has been asked already.
            }
        }

        return chosen;
    }
}
