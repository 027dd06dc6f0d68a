using Ci.Benchmarks.Data;
using Ci.Benchmarks.Inference;
using Ci.Benchmarks.Pipelines;
using Ci.Benchmarks.Processes;
using Ci.Benchmarks.Statistics;
using Ci.Benchmarks.Serving;
using Ci.Benchmarks.Training;

// One explicit line a benchmark: an argument names it, those after it are its own until the next name. Results also go to artifacts/bench/<name>.json.
(string Name, Func<string[], Task<int>> Run)[] benchmarks =
[
    ("inference", _ => Done(() => InferenceBenchmark.Run(Console.Out))),
    ("training", arguments => Task.FromResult(BoostingBenchmark.Run(arguments))),
    ("coverage", _ => Done(() => CoverageBenchmark.Run(Console.Out))),
    ("serving", async arguments =>
    {
        await ServingBenchmark.RunAsync(Console.Out, arguments);
        return 0;
    }),
    ("swap", async arguments =>
    {
        await SwapBenchmark.RunAsync(Console.Out, arguments);
        return 0;
    }),
    ("pipelines", arguments => Done(() => PipelineBenchmark.Run(Console.Out, arguments))),
    ("data-check", _ => Done(() => DataCheckBenchmark.Run(Console.Out))),
    ("comments", async _ =>
    {
        await CommentBenchmark.RunAsync(Console.Out);
        return 0;
    }),
    ("processes", async _ =>
    {
        await ProcessBenchmark.RunAsync(Console.Out);
        return 0;
    }),
];

List<(string Name, List<string> Own)> chosen = args.Length == 0 ? [.. benchmarks.Select(b => (b.Name, new List<string>()))] : [];
foreach (var argument in args)
{
    if (Array.Exists(benchmarks, b => b.Name == argument))
    {
        chosen.Add((argument, []));
        continue;
    }

    if (chosen.Count == 0)
    {
        await Console.Error.WriteLineAsync($"there is no benchmark {argument}; there are {string.Join(", ", benchmarks.Select(b => b.Name))}");
        return 2;
    }

    chosen[^1].Own.Add(argument);
}

foreach (var (name, own) in chosen)
{
    Console.WriteLine($"\n## {name}\n");
    if (await Array.Find(benchmarks, b => b.Name == name).Run([.. own]) is not 0 and var code)
        return code;
}

return 0;

static Task<int> Done(Action run)
{
    run();
    return Task.FromResult(0);
}
