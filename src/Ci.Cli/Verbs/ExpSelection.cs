using System.CommandLine;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>Which experiments a verb is about: <c>--all-commits</c>, <c>--rev</c>, <c>--num</c>, as DVC has them.</summary>
internal sealed class ExpSelection
{
    private readonly Option<bool> all = new("--all-commits", "-A") { Description = "Experiments of every commit." };
    private readonly Option<string[]> revisions = new("--rev") { Description = "Experiments that began from this commit; HEAD if absent." };
    private readonly Option<int> number = new("--num", "-n") { Description = "From the last so many commits (first parents) of --rev; negative: from all of them.", DefaultValueFactory = _ => 1 };

    public void AddTo(Command command)
    {
        command.Options.Add(this.all);
        command.Options.Add(this.revisions);
        command.Options.Add(this.number);
    }

    public bool IsAll(ParseResult parsed) => parsed.GetValue(this.all);

    /// <summary>Whether the command line says which commits.</summary>
    public bool IsGiven(ParseResult parsed) => this.IsAll(parsed) || parsed.GetValue(this.revisions) is { Length: > 0 };

    /// <summary>The commits whose experiments are meant, in the order given, the newest first.</summary>
    public async Task<IReadOnlyList<string>> CommitsAsync(ParseResult parsed, ExperimentWorkspace home, CancellationToken ct)
    {
        if (this.IsAll(parsed))
            return [.. new[] { await home.HeadAsync(ct) }.Concat((await home.Store.AllAsync(ct)).Select(e => e.Ref.Base).Reverse()).Distinct(StringComparer.Ordinal)];
        var wanted = parsed.GetValue(this.revisions) is { Length: > 0 } given ? given : ["HEAD"];
        var commits = new List<string>();
        foreach (var revision in wanted)
        {
            var commit = revision == "HEAD" ? await home.HeadAsync(ct) : await home.Git.ResolveAsync(revision, ct)
                ?? throw new CliException($"unknown Git revision `{revision}`; `git log --oneline --all` lists what there is");
            commits.AddRange(await this.FirstParentsAsync(home, commit, parsed.GetValue(this.number), ct));
        }

        return [.. commits.Distinct(StringComparer.Ordinal)];
    }

    private async Task<List<string>> FirstParentsAsync(ExperimentWorkspace home, string commit, int count, CancellationToken ct)
    {
        List<string> line = [commit];
        if (count is 0 or 1)
            return line;
        var parents = (await home.Git.LogAsync(commit, 100_000, ct)).ToDictionary(c => c.Id, c => c.Parents.Count > 0 ? c.Parents[0] : null, StringComparer.Ordinal);
        while ((count < 0 || line.Count < count) && parents.GetValueOrDefault(line[^1]) is { } parent)
            line.Add(parent);
        return line;
    }
}
