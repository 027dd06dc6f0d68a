using System.CommandLine;
using System.Globalization;
using Ci.Build.Tools;

namespace Ci.Build.Tasks;

/// <summary>Measures: ours beside the peers, in one run, as ratios. Results lie in artifacts/bench; --docs writes the guide's page from them.</summary>
internal sealed class BenchTask : IBuildTask
{
    private static readonly Argument<string[]> Names = new("names") { Description = "Which benchmarks, each with its own arguments after it (all when none is named).", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<bool> Docs = new("--docs") { Description = "Also write docs/guide/benchmarks.md from this run." };

    public string Name => "bench";

    public string Summary => "Run the benchmarks: inference, training, coverage, serving, swap, pipelines, data-check, comments, processes.";

    public IReadOnlyList<Option> Options => [Docs];

    public IReadOnlyList<Argument> Arguments => [Names];

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await PublishTask.EnsureAsync(context, cancellation);
        await SetupTask.WantDebianAsync("time", "time", "wall time and peak memory of whole processes", cancellation);
        await SetupTask.WantDebianAsync("/usr/lib/python3/dist-packages/sklearn/__init__.py", "python3-sklearn", "the peer of the training benchmark", cancellation);
        await SetupTask.WantDebianAsync("/usr/lib/python3/dist-packages/xgboost/__init__.py", "python3-xgboost", "the peer of the training benchmark", cancellation);
        string[] command = ["run", "-c", "Release", "--project", context.At("tests", "Ci.Benchmarks"), "--", .. arguments.GetValue(Names) ?? []];
        var environment = new Dictionary<string, string?>
        {
            ["MLOPS_ONNXRUNTIME"] = context.OnnxRuntimeLibrary,
            ["NODE_PATH"] = context.NodeModules,
        };
        var run = await Shell.RunAsync("dotnet", command, context.Root, environment, echo: true, cancellation);
        if (run.ExitCode == 0 && arguments.GetValue(Docs))
            await File.WriteAllTextAsync(context.At("docs", "guide", "benchmarks.md"), Page(run.Output), cancellation);
        return run.ExitCode;
    }

    private static string Page(string output) => string.Create(CultureInfo.InvariantCulture, $"""
        # Benchmarks

        Written by `dotnet run --project build -- bench --docs` on a machine with {Environment.ProcessorCount} cores. Machines are noisy: read
        ratios, not seconds. Peers run in the same run on the same data where a table names them without the word *recorded*.

        {output.Trim()}

        """);
}
