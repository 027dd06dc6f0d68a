using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp list</c>: the experiments here, or in another repository.</summary>
internal static class ExpListVerb
{
    public static Command Create(CliContext context)
    {
        var remote = new Argument<string?>("git_remote") { Arity = ArgumentArity.ZeroOrOne, Description = "A Git remote or address: list what is there." };
        var names = new Option<bool>("--name-only", "--names-only") { Description = "Only names." };
        var ids = new Option<bool>("--sha-only", "--shas-only") { Description = "Only commit ids." };
        var selection = new ExpSelection();
        var command = new Command("list", "List experiments.") { remote, names, ids };
        command.Aliases.Add("ls");
        selection.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            IReadOnlyList<(ExperimentRef Ref, string Commit)> all = parsed.GetValue(remote) is { } address
                ? [.. (await home.Git.RemoteRefsAsync(address, [$"{ExperimentRef.Finished}/*"], ct)).Select(r => (Ref: ExperimentRef.Parse(r.Key), r.Value)).Where(r => r.Ref is not null).Select(r => (r.Ref!, r.Value)).OrderBy(r => r.Item1.FullName, StringComparer.Ordinal)]
                : [.. (await home.Store.AllAsync(ct)).Where(e => e.Status != ExperimentStatus.Failed).Select(e => (e.Ref, e.Commit))];
            if (!selection.IsAll(parsed))
            {
                var commits = await selection.CommitsAsync(parsed, home, ct);
                all = [.. all.Where(e => commits.Contains(e.Ref.Base, StringComparer.Ordinal))];
            }

            if (parsed.IsJson())
                context.WriteJson(new JsonObject(all.GroupBy(e => e.Ref.Base, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, (JsonNode?)new JsonArray([.. g.Select(e => (JsonNode)new JsonObject { ["name"] = e.Ref.Name, ["commit"] = e.Commit })])))));
            else
                await WriteAsync(context, home, all, parsed.GetValue(names), parsed.GetValue(ids), ct);
            return ExitCode.Ok;
        });
    }

    private static async Task WriteAsync(CliContext context, ExperimentWorkspace home, IReadOnlyList<(ExperimentRef Ref, string Commit)> all, bool namesOnly, bool idsOnly, CancellationToken ct)
    {
        foreach (var group in all.GroupBy(e => e.Ref.Base, StringComparer.Ordinal))
        {
            if (!namesOnly && !idsOnly)
                context.Line($"{await ExpSupport.NameOfAsync(home, group.Key, ct)}:");
            foreach (var (name, commit) in group)
                context.Line(namesOnly ? name.Name : idsOnly ? commit : $"\t{commit[..7]} [{name.Name}]");
        }
    }
}
