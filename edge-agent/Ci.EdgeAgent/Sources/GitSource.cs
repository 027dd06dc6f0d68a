using Ci.Git;
using Ci.Releases;

namespace Ci.EdgeAgent.Sources;

/// <summary>
/// A bare mirror of the deploy repository's branch under the agent's data folder. The mirror is a cache: whatever a power cut leaves of it
/// (lock files, half-written objects) is thrown away and fetched again.
/// </summary>
internal sealed class GitSource(string url, string branch, string folder, GitOptions options) : IDeploySource, IDisposable
{
    /// <summary>A deploy repository holds small documents; what sends more than this is none, and would fill the device's disk.</summary>
    public const long MostMirrorBytes = 256L << 20;

    private const int MaxDocumentBytes = 4 << 20;
    private readonly SemaphoreSlim one = new(1, 1);
    private GitRepository? mirror;
    private string? last;
    private string? asked;
    private SourceRefusedException? tooLarge;

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
            Sweep();
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
            if (await mirror!.ReadBoundedAsync(revision, path, MaxDocumentBytes, ct) is not var (kind, size, bytes))
                return null;
            var code = path.StartsWith("channels/", StringComparison.Ordinal) ? RefusalCode.ChannelMalformed : RefusalCode.ReleaseMalformed;
            return bytes ?? throw new SourceRefusedException(code, kind == "blob"
                ? $"{Description}: {path} has {size} bytes; a document has at most {MaxDocumentBytes}"
                : $"{Description}: {path} is a {kind}, and no file; promotions write files");
        }
        catch (GitException error)
        {
            // A mirror that a power cut damaged is no mirror: the next look fetches it anew.
            Forget();
            throw new SourceUnavailableException($"cannot read {path} at {revision}: {error.Message}", error);
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<string> FetchAsync(CancellationToken ct)
    {
        mirror ??= await GitRepository.InitAsync(folder, bare: true, branch, options, ct);
        var remote = await mirror.RemoteRefsAsync(url, [Reference], ct);
        if (!remote.TryGetValue(Reference, out var head))
            throw new SourceUnavailableException($"{url} has no branch {branch}; promotions write it, or set `source.branch` (a network with a log-in page looks like this, too)");
        if (head == last)
            return head;
        // What was too large is not fetched at every look: that would wear the flash and the line out.
        if (head == asked && tooLarge is not null)
            throw tooLarge;
        (asked, tooLarge) = (head, null);
        await mirror.FetchAsync(url, [$"+{Reference}:{Reference}"], ct);
        last = await mirror.ResolveAsync(Reference, ct) ?? throw new SourceUnavailableException($"{url}: the branch {branch} holds no commit");
        return last;
    }

    private async Task<string> AnewAsync(Exception first, CancellationToken ct)
    {
        try
        {
            Forget();
            return await FetchAsync(ct);
        }
        catch (GitLimitException error)
        {
            Forget();
            throw tooLarge = new SourceRefusedException(RefusalCode.SizeLimit, $"{Description}: {error.Message}", error);
        }
        catch (Exception error) when (error is GitException or IOException or UnauthorizedAccessException)
        {
            Sweep();
            throw new SourceUnavailableException($"{error.Message} (after {first.Message})", error);
        }
    }

    private void Forget()
    {
        (mirror, last) = (null, null);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    // Git leaves the half that a cut connection brought, and removes it after weeks, if it is asked to: a device would fill up.
    private void Sweep()
    {
        var objects = new DirectoryInfo(Path.Combine(folder, "objects"));
        foreach (var half in objects.Exists ? objects.GetFiles("tmp_*", SearchOption.AllDirectories) : [])
        {
            try
            {
                half.Delete();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next look tries again.
            }
        }
    }
}
