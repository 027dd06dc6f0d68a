using System.CommandLine;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Isolation;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.EdgeAgent.Commands;

/// <summary>The child's command; hidden, because the agent alone starts it.</summary>
internal static class HostModelCommand
{
    public static Command Create()
    {
        Option<string> socket = new("--socket") { Required = true };
        Option<string> model = new("--model") { Required = true };
        Option<string> library = new("--library") { Required = true };
        Option<string> providers = new("--providers") { Required = true };
        Option<int> threads = new("--threads") { Required = true };
        Option<string?> folder = new("--weights-folder");
        Option<string[]> weights = new("--weights");
        Option<double> seconds = new("--run-seconds") { Required = true };
        var command = new Command(ChildStart.Command, "Holds one model for the agent that started it.") { Hidden = true };
        foreach (var option in (Option[])[socket, model, library, providers, threads, seconds, folder, weights])
            command.Options.Add(option);
        command.SetAction((parsed, ct) =>
        {
            // The runtime's threads are started here, at ordinary priority; only the load is quiet.
            var none = new Dictionary<string, string>(StringComparer.Ordinal);
            var runtime = OnnxRuntime.Load(parsed.GetValue(library), none, new RuntimeOptions { GlobalIntraOpThreads = parsed.GetValue(threads) });
            var options = OnnxLoader.OptionsOf(parsed.GetValue(providers)!.Split(','));
            var files = ChildStart.FilesOf(parsed.GetValue(folder), parsed.GetValue(weights) ?? []);
            var limit = new RunLimit(TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeProvider.System);
            return ChildHost.RunAsync(parsed.GetValue(socket)!, () => new OnnxInstance(OnnxSession.Load(runtime, parsed.GetValue(model)!, options, files), limit), ct);
        });
        return command;
    }
}
