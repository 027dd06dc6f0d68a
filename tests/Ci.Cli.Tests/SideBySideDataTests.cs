using System.Diagnostics;
using System.Globalization;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>Real processes over one project: killed without warning again and again, and several at the same time.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SideBySideDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task Killed_at_any_moment_again_and_again_the_last_add_ends_as_if_nothing_had_happened()
    {
        var world = await KillWorld.CreateAsync(this.folder.Of("p"));
        for (var i = 0; i < 400; i++)
            world.Write($"data/more/{i.ToString(CultureInfo.InvariantCulture)}", new string('x', i + 1));
        var (expected, whole) = await this.UndisturbedAsync(world);
        var random = new Random(11);
        var watch = Stopwatch.StartNew();
        var killed = 0;
        for (var round = 0; watch.Elapsed < TimeSpan.FromSeconds(8) && round < 12; round++)
        {
            using var process = Start(world, "add", "data", "one.bin");
            await Task.Delay(whole * (0.4 + (0.6 * random.NextDouble())));
            killed += process.HasExited ? 0 : 1;
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Empty(world.Lies(isCached: true));
        }

        Assert.Equal(0, await world.RunAsync("add", "data", "one.bin"));
        Assert.Equal(expected, world.Contents());
        Assert.True(killed > 0, "no process lived long enough to be killed");
    }

    [Fact]
    public async Task Two_adds_and_a_checkout_at_the_same_time_lose_nothing()
    {
        var world = await KillWorld.CreateAsync(this.folder.Of("p"));
        world.Write("old.bin", "old");
        for (var i = 0; i < 60; i++)
        {
            // Half of it is the same in both folders.
            world.Write($"left/{i.ToString(CultureInfo.InvariantCulture)}", $"both {i % 2 * i}");
            world.Write($"right/{i.ToString(CultureInfo.InvariantCulture)}", $"both {i % 3 * i}");
        }

        await world.NeedAsync("add", "old.bin", "data");
        Directory.Delete(world.Of("project/data"), recursive: true);
        File.Delete(world.Of("project/old.bin"));
        var processes = new[] { Start(world, "add", "left"), Start(world, "add", "right", "one.bin"), Start(world, "checkout") };
        foreach (var process in processes)
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync());
            process.Dispose();
        }

        Assert.Empty(world.Lies(isCached: true));
        Assert.Equal("old", await File.ReadAllTextAsync(world.Of("project/old.bin")));
        await world.NeedAsync("push");
        Directory.Delete(world.Of("project/.dvc/cache"), recursive: true);
        Directory.Delete(world.Of("project/.dvc/tmp"), recursive: true);
        foreach (var name in new[] { "left", "right", "data" })
            Directory.Delete(world.Of("project", name), recursive: true);
        await world.NeedAsync("pull");
        Assert.Equal("both 59", await File.ReadAllTextAsync(world.Of("project/left/59")));
        Assert.Equal("both 58", await File.ReadAllTextAsync(world.Of("project/right/58")));
        var ignored = await File.ReadAllLinesAsync(world.Of("project/.gitignore"));
        Assert.Equal(["/data", "/left", "/old.bin", "/one.bin", "/right"], ignored.Order(StringComparer.Ordinal));
    }

    private static Process Start(KillWorld world, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "mlops.dll"), .. arguments])
        {
            WorkingDirectory = world.Of("project"), UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private async Task<(List<string> Contents, TimeSpan Whole)> UndisturbedAsync(KillWorld world)
    {
        var template = world.CopyTo(this.folder.Of("template"));
        world.Delete();
        var place = template.CopyTo(this.folder.Of("p"));
        var watch = Stopwatch.StartNew();
        using (var process = Start(place, "add", "data", "one.bin"))
        {
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }

        var whole = watch.Elapsed;
        var expected = place.Contents();
        place.Delete();
        template.CopyTo(this.folder.Of("p"));
        return (expected, whole);
    }
}
