using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Objects;
using Ci.Releases;

namespace Ci.EdgeAgent.Fetching;

/// <summary>Fetches one object at a time, in chunks side by side, from whichever mirror answers. One for all models of the agent.</summary>
/// <param name="objects">Where they go.</param>
/// <param name="mirrors">In order of preference; asked anew for each object, since bundles come and go.</param>
/// <param name="policy">What it may cost.</param>
/// <param name="settings">How.</param>
/// <param name="time">The clock of pauses.</param>
/// <param name="seed">Of the jitter: another one on each device, so that a fleet does not come back all at once.</param>
internal sealed class ObjectFetcher(
    ObjectStore objects, Func<IReadOnlyList<Mirror>> mirrors, FetchPolicy policy, FetchSettings settings, TimeProvider time, int seed) : IObjectFetcher, IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly Random random = new(seed);

    public async Task<FetchReport> FetchAsync(Artifact artifact, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (objects.Settle(artifact.Sha256.Hex, artifact.Bytes))
                return FetchReport.Nothing;
            policy.Check(0);
            var plan = ChunkPlan.Of(artifact, objects.ChunkBytesFor);
            using var file = new IncomingFile(plan, () => objects.BeginPartial(artifact.Sha256, artifact.Bytes, plan.ChunkBytes));
            return await new FetchRun(plan, file, mirrors(), policy, settings, time, random).RunAsync(ct);
        }
        finally
        {
            policy.Save();
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
