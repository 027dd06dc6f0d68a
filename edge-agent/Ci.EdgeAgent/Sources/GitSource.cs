using Ci.Git;

namespace Ci.EdgeAgent.Sources;

/// <summary>
/// A bare mirror of the deploy repository's branch under the agent's data folder. The mirror is a cache: whatever a power cut leaves of it
/// (lock files, half-written objects) is thrown away and fetched again.
/// </summary>
internal sealed class GitSource(string url, string branch, string folder, GitOptions options) : IDeploySource, IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);
    private GitRepository? mirror;
    private string? last;

    public string Description => $"branch {branch} of {url}";

    private string Reference => $"refs/heads/{branch}";

    public async Task<string> RefreshAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            return await FetchAsync(ct);
        }
        catch (Exception error) when (error is GitException and not (GitUnavailableException or GitRefusedException or GitMissingException) or IOException)
        {
            return await AnewAsync(error, ct);
        }
        catch (GitException error)
        {
            throw new SourceUnavailableException(error.Message, error);
        }
        finally
        {
            one.Release();
        }
    }

    public async Task<byte[]?> ReadAsync(string revision, string path, CancellationToken ct)
    {
        try
        {
            var bytes = await mirror!.ReadFileAsync(revision, path, ct);
            if (bytes is null && (await mirror.ListTreeAsync(revision, path, ct: ct)).Count > 0)
                throw new GitException($"the mirror {folder} lists {path} and cannot read it");
            return bytes;
        }
        catch (GitException error)
        {
            // A mirror that a power cut damaged is no mirror: the next look fetches it anew.
            (mirror, last) = (null, null);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            throw new SourceUnavailableException($"cannot read {path} at {revision}: {error.Message}", error);
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<string> FetchAsync(CancellationToken ct)
    {
        mirror ??= await GitRepository.InitAsync(folder, bare: true, branch, options, ct);
        var remote = await mirror.RemoteRefsAsync(url, [Reference], ct);
        if (!remote.TryGetValue(Reference, out var head))
            throw new SourceUnavailableException($"{url} has no branch {branch}; promotions write it, or set `source.branch`");
        if (head == last)
            return head;
        await mirror.FetchAsync(url, [$"+{Reference}:{Reference}"], ct);
        last = await mirror.ResolveAsync(Reference, ct) ?? throw new SourceUnavailableException($"{url}: the branch {branch} holds no commit");
        return last;
    }

    private async Task<string> AnewAsync(Exception first, CancellationToken ct)
    {
        try
        {
            (mirror, last) = (null, null);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            return await FetchAsync(ct);
        }
        catch (Exception error) when (error is GitException or IOException or UnauthorizedAccessException)
        {
            throw new SourceUnavailableException($"{error.Message} (after {first.Message})", error);
        }
    }
}
