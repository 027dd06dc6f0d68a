using System.Diagnostics;
using System.Globalization;
using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>How a child is started: this same program with a hidden command. Nothing of the agent's secrets is in its environment.</summary>
internal sealed record ChildStart
{
    /// <summary>The hidden command.</summary>
    public const string Command = "host-model";

    public required string Model { get; init; }

    /// <summary>Where the weights lie that are not in the model's file; null where all are.</summary>
    public ExternalFiles? Files { get; init; }

    public required int Number { get; init; }

    public required string Library { get; init; }

    public required IReadOnlyList<string> Providers { get; init; }

    public required int Threads { get; init; }

    /// <summary>What one run may take.</summary>
    public required TimeSpan MostPerRun { get; init; }

    /// <summary>Whether two processes of the model may exist at once.</summary>
    public bool TwoFit { get; init; } = true;

    public required TimeProvider Time { get; init; }

    /// <summary>A short path: the system allows about a hundred bytes.</summary>
    public string SocketOf(int life) => Path.Combine(Path.GetTempPath(), $"ea-{Environment.ProcessId}-{Number}-{life}.sock");

    public Process Begin(string socket)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = AppContext.BaseDirectory };
        var program = Path.Combine(AppContext.BaseDirectory, "edge-agent.dll");
        if (File.Exists(program))
        {
            start.FileName = Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? Environment.ProcessPath! : "dotnet";
            start.ArgumentList.Add(program);
        }
        else
        {
            start.FileName = Environment.ProcessPath!;
        }

        string[] arguments =
        [
            Command, "--socket", socket, "--model", Model, "--library", Library, "--providers", string.Join(',', Providers), "--threads", Threads.ToString(CultureInfo.InvariantCulture),
            "--run-seconds", MostPerRun.TotalSeconds.ToString(CultureInfo.InvariantCulture), .. Weights(),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var secret in start.Environment.Keys.Where(name => name.StartsWith("MLOPS_", StringComparison.Ordinal) || name.Contains("TOKEN", StringComparison.Ordinal) || name.Contains("SECRET", StringComparison.Ordinal) || name.Contains("KEY", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(secret);
        return Process.Start(start) ?? throw new EdgeAgentException($"cannot start {start.FileName} for a model's process");
    }

    // The path first: it is a digest's, so the first '=' ends it whatever the name holds.
    private IEnumerable<string> Weights() =>
        Files?.Paths is not { } paths ? [] : ["--weights-folder", Files.Folder, .. paths.SelectMany(p => new[] { "--weights", $"{p.Value}={p.Key}" })];

    /// <summary>What <see cref="Begin"/> said of the weights, on the child's side.</summary>
    public static ExternalFiles? FilesOf(string? folder, IReadOnlyList<string> weights) =>
        folder is null ? null : ExternalFiles.At(folder, weights.Select(w => w.Split('=', 2)).ToDictionary(w => w[1], w => w[0], StringComparer.Ordinal));
}
