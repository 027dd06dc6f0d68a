using Ci.Data;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>The files that a commit stands for, wherever their bytes lie.</summary>
internal sealed class ExpFiles(ExperimentWorkspace home, string commit, IReadOnlyList<string> inGit, IReadOnlyList<TrackedOutput> outputs)
{
    /// <summary>Where they belong in the workspace, absolute.</summary>
    public IEnumerable<string> Paths => inGit.Select(p => Path.Combine(home.Git.Path, p)).Concat(outputs.Where(o => !o.Digest.IsFolder).Select(o => o.Path)).Concat(this.InFolders().Select(f => f.Path)).Distinct(StringComparer.Ordinal);

    /// <summary>A file's bytes; null when neither Git nor the cache has them.</summary>
    public async Task<byte[]?> ReadAsync(string path, CancellationToken ct)
    {
        var name = home.InGit(path);
        if (inGit.Contains(name, StringComparer.Ordinal))
            return await home.Git.ReadFileAsync(commit, name, ct);
        var md5 = outputs.FirstOrDefault(o => o.Path == path && !o.Digest.IsFolder)?.Digest.Md5 ?? this.InFolders().FirstOrDefault(f => f.Path == path).Md5;
        return md5 is not null && home.Project.Cache.Has(md5) ? await File.ReadAllBytesAsync(home.Project.Cache.PathOf(md5), ct) : null;
    }

    private IEnumerable<(string Path, string Md5)> InFolders() => outputs.Where(o => o.Digest.IsFolder && home.Project.Cache.Has(o.Digest.Md5))
        .SelectMany(o => home.Project.Cache.ReadListing(o.Digest.Md5).Files.Select(f => (Path.Combine(o.Path, f.Path), f.Md5)));
}
