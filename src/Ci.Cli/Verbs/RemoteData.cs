using Ci.Data;
using Ci.Pipelines;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary>What <c>repro --pull</c> gets from the remote, and what <c>--run-cache</c> moves.</summary>
internal sealed class RemoteData(CliContext context, Pipeline pipeline, string? remote) : IMissingData
{
    public async Task<bool> FetchAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct)
    {
        try
        {
            await DataVerbs.WithRemotesAsync(pipeline, outputs, remote, (transfer, some) => transfer.FetchAsync(some, ct));
        }
        catch (MissingDataException)
        {
            // Nobody pushed it; the stage can still be run.
        }

        return outputs.All(o => pipeline.Project.Cache.HasAll(o.Digest.Md5));
    }

    public async Task FetchRunsAsync(string folderKey, CancellationToken ct)
    {
        try
        {
            await this.Runs().FetchAsync(folderKey + "/", ct);
        }
        catch (StorageRefusedException)
        {
            // A read-only web server cannot list, and so has no earlier runs.
        }
    }

    /// <summary>Sends the records of all earlier runs, and then what they made, as far as it is in the cache.</summary>
    /// <returns>Files sent.</returns>
    public async Task<int> PushRunsAsync(CancellationToken ct)
    {
        var made = new RunCache(pipeline.Project).Outputs().Where(o => pipeline.Project.Cache.HasAll(o.Digest.Md5)).ToList();
        var sent = await DataVerbs.WithRemotesAsync(pipeline, made, remote, (transfer, some) => transfer.PushAsync(some, ct));
        return sent + await this.Runs().PushAsync(ct);
    }

    /// <summary>Fetches the records of all earlier runs, and what they made as far as the remote has it.</summary>
    /// <returns>Files fetched.</returns>
    public async Task<int> FetchRunsAsync(CancellationToken ct)
    {
        var fetched = await this.Runs().FetchAsync(ct);
        foreach (var made in new RunCache(pipeline.Project).Outputs().Where(o => !pipeline.Project.Cache.HasAll(o.Digest.Md5)).Chunk(256))
        {
            try
            {
                fetched += await DataVerbs.WithRemotesAsync(pipeline, made, remote, (transfer, some) => transfer.FetchAsync(some, ct));
            }
            catch (MissingDataException)
            {
                // A run whose outputs nobody pushed is not reused, and that is all.
            }
        }

        return fetched;
    }

    private RunTransfer Runs() => new(pipeline.Project.Cache.Folder, pipeline.Project.Config.Remote(remote).Open(context.Environment, context.Time));
}
