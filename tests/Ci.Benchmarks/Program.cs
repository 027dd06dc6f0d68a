using Ci.Benchmarks.Inference;
using Ci.Benchmarks.Pipelines;
using Ci.Benchmarks.Processes;
using Ci.Benchmarks.Statistics;
using Ci.Benchmarks.Serving;
using Ci.Benchmarks.Training;

// One explicit line a benchmark: the first argument names it, the others are its own. Results also go to artifacts/bench/<name>.json.
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
    ("pipelines", _ => Done(() => PipelineBenchmark.Run(Console.Out))),
    ("processes", async _ =>
    {
        await ProcessBenchmark.RunAsync(Console.Out);
        return 0;
    }),
];

var chosen = args.Length > 0 ? Array.Find(benchmarks, b => b.Name == args[0]).Run : null;
if (chosen is not null)
    return await chosen(args[1..]);
await Console.Error.WriteLineAsync($"name one benchmark: {string.Join(", ", benchmarks.Select(b => b.Name))}");
return 2;

static Task<int> Done(Action run)
{
    run();
    return Task.FromResult(0);
}
