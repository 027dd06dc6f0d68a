using System.Diagnostics;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary>A check of the published program whose process ends in ways that it cannot answer.</summary>
public sealed class CheckGuardTests
{
    private const string Slug = "acme/energy-load";

    [Theory]
    [InlineData("KILL", "failure")]
    [InlineData("TERM", "cancelled")]
    public async Task A_check_is_completed_when_its_process_is_ended(string signal, string conclusion)
    {
        using var folder = new TemporaryFolder();
        await using var forge = await GitHubSimulator.StartAsync(folder.Of("forge"));
        var head = forge.CreateRepository(Slug).CommitFiles("main", "Start", ("a.txt", "a"));
        var program = RepositoryRoot.At("artifacts", "bin", "mlops");
        Assert.True(File.Exists(program), $"{program} is missing: run `dotnet run --project build -- publish` first");
        var start = new ProcessStartInfo(program, ["check", "run", "--title", "mlops/train", "--", "sleep", "30"]) { WorkingDirectory = folder.Path, UseShellExecute = false };
        foreach (var (name, value) in forge.JobEnvironment(Slug, head))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await UntilAsync(() => forge.Checks(Slug).Any(c => c.Status == "in_progress"));
        await Task.Delay(1500);

        using var kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        await UntilAsync(() => forge.Checks(Slug).Any(c => c.Status == "completed"));
        Assert.Equal(conclusion, forge.Checks(Slug).Single().Conclusion);
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var i = 0; !reached(); i++)
        {
            Assert.True(i < 200, "it did not come");
            await Task.Delay(100);
        }
    }
}
