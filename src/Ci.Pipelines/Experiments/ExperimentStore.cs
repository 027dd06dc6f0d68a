using Ci.Data;
using Ci.Git;

namespace Ci.Pipelines.Experiments;

/// <summary>The experiments of a repository: commits on references of their own, so that no branch shows them and git keeps, pushes and fetches them.</summary>
public sealed class ExperimentStore(GitRepository git)
{
    public GitRepository Git => git;

    /// <summary>Every experiment, those that failed too, the older first.</summary>
    public async Task<IReadOnlyList<Experiment>> AllAsync(CancellationToken ct = default)
    {
        var refs = (await git.RefsAsync(ExperimentRef.Finished, ct)).Concat(await git.RefsAsync(ExperimentRef.Failed, ct));
        return [.. refs.Select(Read).OfType<Experiment>().OrderBy(e => e.Date).ThenBy(e => e.FullName, StringComparer.Ordinal)];
    }

    /// <summary>The experiments that began from one of these commits.</summary>
    public async Task<IReadOnlyList<Experiment>> OfAsync(IReadOnlyCollection<string> bases, CancellationToken ct = default) =>
        [.. (await this.AllAsync(ct)).Where(e => bases.Contains(e.Ref.Base, StringComparer.Ordinal))];

    /// <summary>The experiment that a name, a full reference or the beginning of a commit id stands for.</summary>
    /// <exception cref="PipelineException">None, or several.</exception>
    public async Task<Experiment> FindAsync(string name, CancellationToken ct = default) =>
        await this.TryFindAsync(name, ct) ?? throw new PipelineException(
            $"there is no experiment `{name}`{NearNames.Hint(name, (await this.AllAsync(ct)).Select(e => e.Ref.Name).Distinct())}; `mlops exp list -A` lists them");

    /// <summary>As <see cref="FindAsync"/>; null when there is none.</summary>
    public async Task<Experiment?> TryFindAsync(string name, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var all = await this.AllAsync(ct);
        var named = all.Where(e => e.Ref.Name == name || e.FullName == name).ToList();
        if (named.Count == 0 && name.Length >= 4 && name.All(char.IsAsciiHexDigitLower))
            named = [.. all.Where(e => e.Commit.StartsWith(name, StringComparison.Ordinal))];
        if (named.Count < 2)
            return named.SingleOrDefault();
        // Of one name, the one that began here is meant.
        var head = await git.ResolveAsync("HEAD", ct);
        return named.Where(e => e.Ref.Base == head).ToList() is [var here]
            ? here
            : throw new PipelineException($"`{name}` could be any of {string.Join(", ", named.Select(e => e.FullName))}; give the full reference");
    }

    /// <summary>Records an experiment under its name.</summary>
    /// <param name="tree">The files that it left.</param>
    /// <param name="record">What is remembered.</param>
    /// <param name="message">What people read; null makes one up.</param>
    /// <param name="replace">One of that name may be there already.</param>
    /// <param name="ct">Ends git.</param>
    /// <exception cref="PipelineException">The name is taken.</exception>
    public async Task<Experiment> SaveAsync(string tree, ExperimentRecord record, string? message, bool replace, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        var name = new ExperimentRef(record.Base, record.Name);
        var failed = record.Status == ExperimentStatus.Failed;
        var line = record.ToLine();
        if (line.Length > ExperimentRecord.MostCharacters)
            line = (record with { Parameters = new Dictionary<string, object?>(), Data = new Dictionary<string, string>() }).ToLine();
        var commit = await git.CommitTreeAsync(tree, [record.Base], $"{message?.TrimEnd() ?? $"mlops: experiment {record.Name}"}\n\n{ExperimentRecord.Trailer}: {line}\n", ct);
        var place = failed ? name.FailedName : name.FullName;
        var there = await git.ResolveAsync(place, ct);
        if (there is not null && !replace && !failed)
            throw await this.TakenAsync(name, commit, ct);
        if (!await git.UpdateRefAsync(place, commit, there, ct))
            throw await this.TakenAsync(name, commit, ct);
        // A trial that failed before and does not now is no failure any more.
        if (!failed && await git.ResolveAsync(name.FailedName, ct) is { } before)
            await git.UpdateRefAsync(name.FailedName, null, before, ct);
        return new Experiment(name, place, commit, record.Started.AddSeconds(record.Seconds), record);
    }

    public async Task RemoveAsync(Experiment experiment, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (!await git.UpdateRefAsync(experiment.FullName, null, experiment.Commit, ct))
            throw new PipelineException($"experiment `{experiment.Ref.Name}` was changed by another process just now; try again");
    }

    /// <summary>Gives an experiment another name.</summary>
    /// <exception cref="PipelineException">The name is taken, or git does not allow it.</exception>
    public async Task RenameAsync(Experiment experiment, string name, bool replace, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        await ExperimentRef.CheckNameAsync(git, name, ct);
        if (name == experiment.Ref.Name)
            return;
        var renamed = experiment.Ref with { Name = name };
        var place = experiment.Status == ExperimentStatus.Failed ? renamed.FailedName : renamed.FullName;
        var there = await git.ResolveAsync(place, ct);
        if ((there is not null && !replace) || !await git.UpdateRefAsync(place, experiment.Commit, there, ct))
            throw new PipelineException($"there is an experiment `{name}` already; choose another name, or replace it with --force");
        await this.RemoveAsync(experiment, ct);
    }

    /// <summary>Whether a name is in use for experiments that began from a commit.</summary>
    public async Task<bool> IsTakenAsync(ExperimentRef name, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return await git.ResolveAsync(name.FullName, ct) is not null;
    }

    /// <summary>A readable name that no experiment of the commit has.</summary>
    /// <param name="commit">The commit that experiments begin from.</param>
    /// <param name="text">What the name is made from: the same text gives the same name, as long as it is free.</param>
    /// <param name="taken">Names that are in use elsewhere.</param>
    /// <param name="ct">Ends git.</param>
    public async Task<string> FreeNameAsync(string commit, string text, IReadOnlyCollection<string> taken, CancellationToken ct = default)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = ExperimentNames.Of(text, attempt);
            if (!taken.Contains(name, StringComparer.Ordinal) && !await this.IsTakenAsync(new ExperimentRef(commit, name), ct))
                return name;
        }
    }

    // The result is not lost because of its name: the commit is there, and the message says which.
    private async Task<PipelineException> TakenAsync(ExperimentRef name, string commit, CancellationToken ct)
    {
        var other = await this.FreeNameAsync(name.Base, commit, [], ct);
        await git.UpdateRefAsync((name with { Name = other }).FullName, commit, null, ct);
        return new PipelineException($"there is an experiment `{name.Name}` already, so the result was kept as `{other}`; `mlops exp run --force` replaces, `mlops exp rename` renames");
    }

    private static Experiment? Read(GitRef found)
    {
        if (ExperimentRef.Parse(found.Name) is not { } name)
            return null;
        ExperimentRecord? record;
        try
        {
            record = ExperimentRecord.InMessage(found.Message);
        }
        catch (PipelineException)
        {
            // Written by a later version or by hand: its files still say what it is.
            record = null;
        }

        return new Experiment(name, found.Name, found.Commit, found.Date, record);
    }
}
