using System.CommandLine;
using Ci.Git;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

/// <summary><c>-a</c>, <c>-T</c>, <c>-A</c>: many revisions at once, beside the workspace.</summary>
internal sealed class RevisionOptions
{
    private readonly Option<bool> branches = new("--all-branches", "-a") { Description = "Show every branch." };
    private readonly Option<bool> tags = new("--all-tags", "-T") { Description = "Show every tag." };
    private readonly Option<bool> commits = new("--all-commits", "-A") { Description = "Show every commit of every branch." };

    public void AddTo(Command command)
    {
        command.Options.Add(this.branches);
        command.Options.Add(this.tags);
        command.Options.Add(this.commits);
    }

    public bool IsAny(ParseResult parsed) => parsed.GetValue(this.branches) || parsed.GetValue(this.tags) || parsed.GetValue(this.commits);

    /// <summary>Names as they are shown, and what to look at; of one commit all names stand together.</summary>
    public async Task<IReadOnlyList<(string Name, string Revision)>> NamesAsync(CliContext context, ProjectViews views, ParseResult parsed, CancellationToken ct)
    {
        if (!this.IsAny(parsed))
            return [("", ProjectView.Workspace)];
        var git = await GitRepository.OpenAsync(views.Project.Root, GitSettings.Of(context), ct);
        var found = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, commit) in parsed.GetValue(this.branches) ? await git.ReferencesAsync("refs/heads", ct) : [])
            Add(name, commit);
        foreach (var (name, commit) in parsed.GetValue(this.tags) ? await git.ReferencesAsync("refs/tags", ct) : [])
            Add(name, commit);
        foreach (var commit in parsed.GetValue(this.commits) ? await git.AllCommitsAsync(ct) : [])
            Add(commit, commit);
        return [(ProjectView.Workspace, ProjectView.Workspace), .. found.Select(f => (string.Join(',', f.Value), f.Key))];

        void Add(string name, string commit)
        {
            if (!found.TryGetValue(commit, out var names))
                found[commit] = [name];
            else if (name != commit)
                names.Add(name);
        }
    }
}
