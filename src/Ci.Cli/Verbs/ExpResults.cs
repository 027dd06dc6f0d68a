using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary>
/// The results of a plan's trials on a remote: <c>experiments/PLAN/TRIAL.json</c>, the experiment's record, written last; before it the commit as a
/// Git bundle, <c>experiments/PLAN/COMMIT.bundle</c>. Runners share nothing else, and need no right to push.
/// </summary>
internal sealed class ExpResults(ExperimentWorkspace home, IBlobStore store, string planId)
{
    private const long MostBundleBytes = 512L << 20;

    public string Where => store.Description;

    /// <summary>Every result that is there, by trial.</summary>
    public async Task<IReadOnlyDictionary<int, ExpResult>> ReadAsync(CancellationToken ct)
    {
        var found = new SortedDictionary<int, ExpResult>();
        try
        {
            await foreach (var blob in store.ListAsync($"experiments/{planId}/", ct))
            {
                var name = blob.Key[(blob.Key.LastIndexOf('/') + 1)..];
                if (name.EndsWith(".json", StringComparison.Ordinal) && int.TryParse(name[..^5], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var trial))
                    found[trial] = Parse(await this.TextAsync(blob.Key, ct), blob.Key, trial);
            }
        }
        catch (StorageUnavailableException) when (store is Storage.FileSystem.FolderBlobStore folder && !Directory.Exists(folder.Root))
        {
            // A folder remote begins with its first push.
        }

        return found;
    }

    /// <summary>Puts a trial's result there; a later one replaces it.</summary>
    /// <param name="trial">Its place in the plan.</param>
    /// <param name="experiment">What was recorded.</param>
    /// <param name="isFinal">Nothing more comes of this trial.</param>
    /// <param name="ct">Ends it.</param>
    public async Task PutAsync(int trial, Experiment experiment, bool isFinal, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("mlops-bundle-");
        try
        {
            var file = Path.Combine(folder.FullName, "bundle");
            await home.Git.BundleAsync(file, experiment.FullName, experiment.Ref.Base, ct);
            await using (var bundle = File.OpenRead(file))
                await store.PutAsync(this.BundleKey(experiment.Commit), bundle, PutMode.Overwrite, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var json = experiment.Record!.ToJson();
        json["commit"] = experiment.Commit;
        json["final"] = isFinal;
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
        await store.PutAsync($"experiments/{planId}/{trial}.json", text, PutMode.Overwrite, ct);
    }

    /// <summary>Brings a result into the repository, as if the trial had run here.</summary>
    /// <returns>What kept it out; null when it is in.</returns>
    public async Task<string?> TakeAsync(ExpResult result, CancellationToken ct)
    {
        var record = result.Record;
        if (await home.Git.ResolveAsync(record.Base, ct) is null)
            return $"trial {result.Trial} began from commit {record.Base[..Math.Min(7, record.Base.Length)]}, which is not in this clone; fetch it first";
        await ExperimentRef.CheckNameAsync(home.Git, record.Name, ct);
        var name = new ExperimentRef(record.Base, record.Name);
        var place = record.Status == ExperimentStatus.Failed ? name.FailedName : name.FullName;
        var there = await home.Git.ResolveAsync(place, ct);
        if (there == result.Commit)
            return null;
        if (there is not null && (await home.Store.AllAsync(ct)).FirstOrDefault(e => e.FullName == place)?.Record?.Plan != (planId, result.Trial))
            return $"trial {result.Trial}: there is another experiment `{record.Name}` here; `mlops exp rename` makes room";
        await this.FetchAsync(result, place, ct);
        return await home.Git.UpdateRefAsync(place, result.Commit, there, ct) ? null : $"trial {result.Trial}: `{record.Name}` was changed by another process just now; collect again";
    }

    private async Task FetchAsync(ExpResult result, string place, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("mlops-bundle-");
        var landing = $"refs/mlops/exps/collect/{result.Commit}";
        try
        {
            var file = Path.Combine(folder.FullName, "bundle");
            await this.DownloadAsync(this.BundleKey(result.Commit), file, ct);
            await home.Git.FetchAsync(file, [$"+{place}:{landing}"], ct);
            // What a store holds is only believed as far as Git's own digests bear it out.
            if (await home.Git.LogAsync(landing, 1, ct) is not [var commit] || commit.Id != result.Commit || commit.Parents is not [var parent] || parent != result.Record.Base)
                throw new PipelineException($"the bundle of trial {result.Trial} on {store.Description} does not hold the commit that its record names; run that trial again with --force");
        }
        finally
        {
            folder.Delete(recursive: true);
            if (await home.Git.ResolveAsync(landing, CancellationToken.None) is { } left)
                await home.Git.UpdateRefAsync(landing, null, left, CancellationToken.None);
        }
    }

    private string BundleKey(string commit) => $"experiments/{planId}/{commit}.bundle";

    private static ExpResult Parse(string text, string key, int trial)
    {
        try
        {
            var json = JsonNode.Parse(text) as JsonObject ?? throw new PipelineException($"{key}: is no result of a trial");
            var commit = (string?)json["commit"] ?? "";
            var record = ExperimentRecord.Parse(text);
            if (commit.Length is not (40 or 64) || !commit.All(char.IsAsciiHexDigitLower) || record.Base.Length != commit.Length || !record.Base.All(char.IsAsciiHexDigitLower))
                throw new PipelineException($"{key}: names no commit");
            return new ExpResult(trial, commit, (bool?)json["final"] ?? true, record);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new PipelineException($"{key}: is no result of a trial: {error.Message}", error);
        }
    }

    private async Task<string> TextAsync(string key, CancellationToken ct)
    {
        await using var stream = await store.OpenReadAsync(key, 0, ct);
        using var text = new MemoryStream();
        await CopyAsync(stream, text, ExperimentRecord.MostCharacters, key, ct);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private async Task DownloadAsync(string key, string file, CancellationToken ct)
    {
        await using var stream = await store.OpenReadAsync(key, 0, ct);
        await using var target = File.Create(file);
        await CopyAsync(stream, target, MostBundleBytes, key, ct);
    }

    private static async Task CopyAsync(Stream from, Stream to, long most, string key, CancellationToken ct)
    {
        var buffer = new byte[1 << 16];
        long all = 0;
        for (int read; (read = await from.ReadAsync(buffer, ct)) > 0;)
        {
            if ((all += read) > most)
                throw new PipelineException($"{key} is larger than {most} bytes; no result is");
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }
}
