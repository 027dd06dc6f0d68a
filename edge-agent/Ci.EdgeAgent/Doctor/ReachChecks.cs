using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.Git;
using Ci.Storage;

namespace Ci.EdgeAgent.Doctor;

/// <summary>What others must answer: the deploy repository, the store, the mailbox. Each gets a bounded time.</summary>
internal static class ReachChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<Finding> SourceAsync(AgentConfiguration configuration, CancellationToken ct)
    {
        if (!configuration.SourceGit.Any(c => c is '/' or ':' or '\\'))
            return Finding.Ok("source", "no deploy repository is asked by Git");
        var folder = Directory.CreateTempSubdirectory("edge-agent-doctor-");
        try
        {
            var options = new GitOptions { Token = configuration.SourceToken, Timeout = Patience, Environment = Sources.GitProxy.Of(configuration.Fetch) };
            var repository = await GitRepository.InitAsync(folder.FullName, bare: true, configuration.SourceBranch, options, ct);
            var reference = $"refs/heads/{configuration.SourceBranch}";
            var refs = await repository.RemoteRefsAsync(configuration.SourceGit, [reference], ct);
            return refs.TryGetValue(reference, out var head)
                ? Finding.Ok("source", $"branch {configuration.SourceBranch} of {configuration.SourceGit} is at {head[..12]}")
                : Finding.Fail("source", $"{configuration.SourceGit} has no branch {configuration.SourceBranch}", "set `source.branch`; promotions write it");
        }
        catch (GitMissingException error)
        {
            return Finding.Fail("source", error.Message, "install git");
        }
        catch (GitException error)
        {
            return Finding.Fail("source", error.Message, $"check the address, the network and {SecretFiles.SourceToken}; until it answers, what serves goes on serving");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static async Task<Finding> StoreAsync(string check, string address, AgentConfiguration configuration, AgentWorld world, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(Patience);
        try
        {
            // Nothing has this digest; whether there is an answer is what counts.
            var store = BlobStores.Default.Open(new BlobLocation(address)
            {
                Environment = world.Environment, Time = world.Time, Proxy = ProxyRules.Of(world.Environment, configuration.Fetch.Proxy, configuration.Fetch.NoProxy),
            });
            await store.StatAsync(BlobKeys.OfSha256(new string('0', 64)), enough.Token);
            return Finding.Ok(check, $"{store.Description} answers");
        }
        catch (Exception error) when (error is StorageException or IOException or UnauthorizedAccessException or HttpRequestException or ArgumentException)
        {
            return Finding.Fail(check, error.Message, "check the address, the network, and the credentials in the service's environment");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Finding.Fail(check, $"{address} did not answer within {Patience.TotalSeconds:F0} s", "check the network, the proxy and the address");
        }
    }
}
