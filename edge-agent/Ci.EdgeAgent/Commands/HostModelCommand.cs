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
        var command = new Command(ChildStart.Command, "Holds one model for the agent that started it.") { Hidden = true };
        foreach (var option in (Option[])[socket, model, library, providers, threads])
            command.Options.Add(option);
        command.SetAction((parsed, ct) => ChildHost.RunAsync(
            parsed.GetValue(socket)!,
            () => Load(parsed.GetValue(model)!, parsed.GetValue(library)!, parsed.GetValue(providers)!.Split(','), parsed.GetValue(threads)),
            ct));
        return command;
    }

    private static OnnxInstance Load(string model, string library, string[] providers, int threads)
    {
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        var runtime = OnnxRuntime.Load(library, none, new RuntimeOptions { GlobalIntraOpThreads = threads });
        return new OnnxInstance(OnnxSession.Load(runtime, model, OnnxLoader.OptionsOf(providers)));
    }
}
