using System.Diagnostics;
using System.Text.RegularExpressions;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>The ten minutes of docs/guide/edge-agent.md, as far as they are `mlops`: copied out of the page and run by a shell in an empty folder.</summary>
public sealed partial class EdgeGuideTests
{
    [Fact]
    public async Task What_a_newcomer_copies_ends_with_a_signed_release_that_devices_follow()
    {
        using var folder = new TemporaryFolder();
        var page = File.ReadAllText(RepositoryRoot.At("docs", "guide", "edge-agent.md"));
        var part = page[page.IndexOf("## From nothing", StringComparison.Ordinal)..page.IndexOf("**The device.**", StringComparison.Ordinal)];
        var blocks = Block().Matches(part).Select(m => m.Groups["text"].Value).ToList();
        Assert.Equal(2, blocks.Count);
        var mlops = folder.Write("bin/mlops", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "mlops.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(mlops, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = folder.Write("recipe.sh", $"set -e\nexport PATH='{Path.GetDirectoryName(mlops)}':$PATH\nmkdir work && cd work\n{string.Concat(blocks)}\n");

        var start = new ProcessStartInfo("bash", [script]) { WorkingDirectory = Path.GetDirectoryName(script), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in GitIsolation.Environment)
            start.Environment[name] = value;
        start.Environment["MLOPS_ONNXRUNTIME"] = OnnxRuntimeLibrary.Path;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("load-model 1.0.0", output, StringComparison.Ordinal);
        Assert.Contains("is live in development as sequence 1", output, StringComparison.Ordinal);
    }

    [GeneratedRegex("```sh\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
