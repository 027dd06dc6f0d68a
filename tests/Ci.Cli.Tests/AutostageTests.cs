using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary><c>core.autostage</c> stages what DVC 3.67.1 stages, and nothing else.</summary>
public sealed class AutostageTests
{
    [Fact]
    public async Task What_belongs_into_Git_is_staged_as_it_is_written()
    {
        using var world = await VerbWorld.StartAsync();
        await world.OkAsync("config", "core.autostage", "true");
        await world.CommitAsync("start");
        world.Write("r/sub/a", "1\n");
        Assert.Equal("", await world.OkAsync("add", "sub/a"));
        Assert.Equal(["A  sub/.gitignore", "A  sub/a.dvc"], await StatusAsync(world));

        await world.OkAsync("stage", "add", "-n", "s", "-d", "sub/a", "-o", "o", "-M", "m.json", "cp sub/a o && cp sub/a m.json");
        Assert.Equal(["A  .gitignore", "A  dvc.yaml", "A  sub/.gitignore", "A  sub/a.dvc"], await StatusAsync(world));
        Assert.DoesNotContain("git add", await world.OkAsync("repro"), StringComparison.Ordinal);
        Assert.Equal(["A  .gitignore", "A  dvc.lock", "A  dvc.yaml", "A  sub/.gitignore", "A  sub/a.dvc", "?? m.json"], await StatusAsync(world));
        await world.CommitAsync("one");

        Assert.Equal("", await world.OkAsync("move", "sub/a", "sub/b"));
        Assert.Equal(["M  sub/.gitignore", "R  sub/a.dvc -> sub/b.dvc"], await StatusAsync(world));
        world.Here = "r/sub";
        world.Write("r/sub/c", "3\n");
        await world.OkAsync("add", "--json", "c");
        Assert.Contains("A  sub/c.dvc", await StatusAsync(world));
    }

    [Fact]
    public async Task Nothing_is_staged_unless_it_is_asked_for()
    {
        using var world = await VerbWorld.StartAsync();
        await world.CommitAsync("start");
        world.Write("r/a", "1\n");
        Assert.Contains("git add a.dvc .gitignore", await world.OkAsync("add", "a"), StringComparison.Ordinal);
        Assert.Equal(["?? .gitignore", "?? a.dvc"], await StatusAsync(world));
    }

    private static async Task<string[]> StatusAsync(VerbWorld world)
    {
        var start = new System.Diagnostics.ProcessStartInfo("git", ["-C", world.Of("r"), "status", "--porcelain", "--untracked-files=all"]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (key, value) in GitIsolation.Environment)
            start.Environment[key] = value;
        using var git = System.Diagnostics.Process.Start(start)!;
        var text = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
