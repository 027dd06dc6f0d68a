using System.CommandLine;
using Ci.Build.Tools;

namespace Ci.Build.Tasks;

/// <summary>Measures: ours beside the peers, in one run, as ratios. Results lie in artifacts/bench.</summary>
internal sealed class BenchTask : IBuildTask
{
    private static readonly Argument<string[]> Names = new("names") { Description = "Which benchmarks (all when none is named).", Arity = ArgumentArity.ZeroOrMore };

    public string Name => "bench";

    public string Summary => "Run the benchmarks (inference, training, processes, …).";

    public IReadOnlyList<Argument> Arguments => [Names];

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await PublishTask.EnsureAsync(context, cancellation);
        await SetupTask.WantDebianAsync("python3", "python3", "the peers in Python", cancellation);
        string[] command = ["run", "-c", "Release", "--project", context.At("tests", "Ci.Benchmarks"), "--", .. arguments.GetValue(Names) ?? []];
        var environment = new Dictionary<string, string?>
        {
            ["MLOPS_ONNXRUNTIME"] = context.OnnxRuntimeLibrary,
            ["NODE_PATH"] = context.NodeModules,
        };
        return (await Shell.RunAsync("dotnet", command, context.Root, environment, echo: true, cancellation)).ExitCode;
    }
}
