using Ci.Benchmarks.Inference;

// One explicit line a benchmark; each prints a Markdown table and writes artifacts/bench/<name>.json.
(string Name, Action<TextWriter> Run)[] benchmarks =
[
    ("inference", InferenceBenchmark.Run),
];

var chosen = benchmarks.Where(b => args.Length == 0 || args.Contains(b.Name, StringComparer.Ordinal)).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"unknown benchmark; known are {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}

foreach (var benchmark in chosen)
    benchmark.Run(Console.Out);
return 0;
