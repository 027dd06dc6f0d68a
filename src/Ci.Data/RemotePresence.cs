using System.Collections.Concurrent;
using Ci.Storage;

namespace Ci.Data;

/// <summary>
/// Finds out which objects a remote has, by few requests and little memory. One list of everything comes first, as long as it costs less
/// than asking for each; then lists by prefix where many are wanted; the rest is asked for one by one.
/// </summary>
internal sealed class RemotePresence(IBlobStore remote, int jobs)
{
    private const string Root = "files/md5/";
    private const int ListFrom = 8;
    private const int ListPrefixFrom = 4;

    // What a page of a list holds at least; Azure gives five times as many.
    private const int Page = 1000;

    // A page costs about as much time as this many questions, which go side by side.
    private const int QuestionsPerPage = 8;

    private bool canList = true;

    /// <summary>Those of the objects that are there.</summary>
    public async Task<HashSet<string>> FindAsync(IEnumerable<string> objects, CancellationToken ct)
    {
        var wanted = objects.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        // What DVC 2 pushed lies elsewhere, and is never much by now: it is asked for one by one.
        var legacy = wanted.Where(Digest.IsLegacyName).ToList();
        wanted.RemoveAll(Digest.IsLegacyName);
        var present = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        try
        {
            if (wanted.Count >= ListFrom && this.canList)
            {
                var budget = Math.Max(1, wanted.Count / QuestionsPerPage) * Page;
                wanted = await this.ScanAsync(Root, wanted, budget, present, ct);
            }

            await this.AskAsync(wanted, present, ct);
            await this.StatAsync(legacy, present, ct);
        }
        catch (StorageUnavailableException) when (remote is Storage.FileSystem.FolderBlobStore folder && !Directory.Exists(folder.Root))
        {
            // A folder remote begins with its first push, as with DVC.
        }

        return new HashSet<string>(present.Keys, StringComparer.Ordinal);
    }

    private async Task AskAsync(List<string> wanted, ConcurrentDictionary<string, bool> present, CancellationToken ct)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = ct };
        var single = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(wanted.GroupBy(md5 => md5[..2], StringComparer.Ordinal), options, async (group, token) =>
        {
            var some = group.ToList();
            var left = some.Count >= ListPrefixFrom && this.canList ? await this.ScanAsync($"{Root}{group.Key}/", some, some.Count * Page, present, token) : some;
            foreach (var md5 in left)
                single.Add(md5);
        });
        await this.StatAsync(single, present, ct);
    }

    private Task StatAsync(IEnumerable<string> objects, ConcurrentDictionary<string, bool> present, CancellationToken ct) =>
        Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = ct }, async (md5, token) =>
        {
            if (await remote.StatAsync(Digest.KeyOf(md5), token) is not null)
                present[md5] = true;
        });

    // Lists come in order, and so is what is wanted: one walk over both. What lies behind the budget is returned.
    private async Task<List<string>> ScanAsync(string prefix, List<string> wanted, int budget, ConcurrentDictionary<string, bool> present, CancellationToken ct)
    {
        var at = 0;
        var seen = 0;
        try
        {
            await foreach (var blob in remote.ListAsync(prefix, ct))
            {
                var md5 = blob.Key[Root.Length..].Replace("/", "", StringComparison.Ordinal);
                while (at < wanted.Count && string.CompareOrdinal(wanted[at], md5) < 0)
                    at++;
                if (at < wanted.Count && wanted[at] == md5)
                    present[wanted[at++]] = true;
                if (at == wanted.Count)
                    return [];
                if (++seen > budget)
                    return wanted[at..];
            }
        }
        catch (StorageRefusedException)
        {
            // Not every store can list, nor may everybody who can read.
            this.canList = false;
            return wanted;
        }

        return [];
    }
}
