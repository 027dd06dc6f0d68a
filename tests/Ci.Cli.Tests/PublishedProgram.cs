using System.Diagnostics;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>The published binary as a user has it: a process of its own, trimmed, with ONNX Runtime beside it.</summary>
internal static class PublishedProgram
{
    public static async Task<ModelProject.Answer> RunAsync(string folder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var program = RepositoryRoot.At("artifacts", "bin", "mlops");
        Assert.True(File.Exists(program), $"{program} is missing: run `dotnet run --project build -- publish` first (`build -- test` does it by itself)");
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return new ModelProject.Answer(process.ExitCode, output, await error);
    }
}
