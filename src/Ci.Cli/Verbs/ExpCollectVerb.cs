using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp collect</c>: the results of a plan that ran on many runners, as experiments of this clone.</summary>
internal static class ExpCollectVerb
{
    public static Command Create(CliContext context)
    {
        var plan = new Argument<string>("plan") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => ExperimentPlan.FileName, Description = "The plan that was run." };
        var remote = DataVerbs.Remote();
        var revision = new Option<string>("--rev") { Description = "The commit that it was run from; HEAD if absent.", DefaultValueFactory = _ => "HEAD" };
        var markdown = new Option<bool>("--md") { Description = "Write a Markdown table." };
        return new Command("collect", "Gather the results of a plan's trials from the remote, and say which are missing.") { plan, remote, revision, markdown }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var wanted = parsed.GetValue(revision)!;
            var commit = wanted == "HEAD" ? await home.HeadAsync(ct) : await home.Git.ResolveAsync(wanted, ct) ?? throw new CliException($"unknown Git revision `{wanted}`");
            var planned = ExpTrial.ReadPlan(context, parsed.GetValue(plan)!);
            var results = new ExpResults(home, ExpData.Open(home, parsed.GetValue(remote)), planned.IdAt(commit));
            var found = await results.ReadAsync(ct);
            var problems = new List<string>();
            foreach (var result in found.Values.Where(r => r.Trial < planned.Trials.Count))
            {
                if (await results.TakeAsync(result, ct) is { } problem)
                    problems.Add(problem);
            }

            return await TellAsync(context, parsed, home, planned, commit, found, problems, parsed.GetValue(markdown), ct);
        });
    }

    private static async Task<int> TellAsync(
        CliContext context, ParseResult parsed, ExperimentWorkspace home, ExperimentPlan plan, string commit, IReadOnlyDictionary<int, ExpResult> found, List<string> problems, bool markdown, CancellationToken ct)
    {
        var id = plan.IdAt(commit);
        var collected = (await home.Store.OfAsync([commit], ct)).Where(e => e.Record?.Plan?.Id == id).ToList();
        var missing = Enumerable.Range(0, plan.Trials.Count).Where(t => !found.ContainsKey(t)).ToList();
        var unfinished = found.Values.Where(r => !r.IsFinal).Select(r => r.Trial).ToList();
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["plan"] = id,
                ["trials"] = plan.Trials.Count,
                ["experiments"] = new JsonArray([.. collected.Select(ExpJson.Of)]),
                ["missing"] = Numbers(missing),
                ["unfinished"] = Numbers(unfinished),
                ["problems"] = DataVerbs.Array(problems),
            });
        }
        else
        {
            var table = await ExpTable.OfAsync(context, home, [commit], new ExpTableOptions { Only = e => e.Record?.Plan?.Id == id, HideWorkspace = true, SortBy = plan.Goal?.Metric.ToString(), Descending = plan.Goal?.Maximize ?? false }, ct);
            ExpTableText.Write(context, table, markdown ? ExpTableForm.Markdown : ExpTableForm.Plain, ExpSignificance.None.Marks);
            context.Line($"\n{collected.Count} of {plan.Trials.Count} trials collected from {found.Count} results of plan {id}.");
        }

        if (missing.Count > 0)
            context.Note($"mlops: no result yet of trial {string.Join(", ", missing)}; run it with `mlops exp run --trial N`");
        if (unfinished.Count > 0)
            context.Note($"mlops: not finished: trial {string.Join(", ", unfinished)}");
        problems.ForEach(problem => context.Note($"mlops: {problem}"));
        return problems.Count > 0 ? throw new CliException($"{problems.Count} results could not be collected") : ExitCode.Ok;
    }

    private static JsonArray Numbers(IEnumerable<int> numbers) => new([.. numbers.Select(n => (JsonNode?)n)]);
}
