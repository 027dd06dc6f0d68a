using Ci.Testing.FileSystem;

namespace Ci.Cli.Tests;

/// <summary>One verb, and what lies there before it.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed record KillScenario(string[] Verb, Func<KillWorld, Task> Before)
{
    private const string Pipeline = """
        stages:
          double:
            cmd: cat in.txt in.txt > twice.txt
            deps: [in.txt]
            outs: [twice.txt]
          split:
            cmd: mkdir -p parts && cp twice.txt parts/a && echo b > parts/b
            deps: [twice.txt]
            params: [p]
            outs: [parts]
        """;

    public static IReadOnlyDictionary<string, KillScenario> All { get; } = new Dictionary<string, KillScenario>(StringComparer.Ordinal)
    {
        ["add"] = new(["add", "data", "one.bin"], Task (_) => Task.CompletedTask),
        ["add of a changed folder"] = new(["add", "data"], async world =>
        {
            await world.NeedAsync("add", "data");
            world.Write("data/3", "changed");
            world.Write("data/new", "new");
        }),
        ["add of a large file"] = new(["add", "large.bin"], world =>
        {
            world.Write("large.bin", new string('x', 3 << 20));
            return Task.CompletedTask;
        }),
        ["repro"] = new(["repro"], Task (world) => Stages(world)),
        ["commit"] = new(["commit", "--force"], async world =>
        {
            await Stages(world);
            await world.NeedAsync("repro");
            world.Write("twice.txt", "by hand\n");
        }),
        ["checkout"] = new(["checkout"], async world =>
        {
            await world.NeedAsync("add", "data", "one.bin");
            Directory.Delete(world.Of("project/data"), recursive: true);
            File.Delete(world.Of("project/one.bin"));
            // Something that the cache has, at a place where something else belongs.
            world.Write("data/0", "1");
        }),
        ["push"] = new(["push"], async world => await world.NeedAsync("add", "data", "one.bin")),
        ["fetch"] = new(["fetch"], async world =>
        {
            await world.NeedAsync("add", "data", "one.bin");
            await world.NeedAsync("push");
            Directory.Delete(world.Of("project/.dvc/cache"), recursive: true);
        })
        { IsCached = false },
        ["gc"] = new(["gc", "--workspace", "--force"], async world =>
        {
            await world.NeedAsync("add", "data", "one.bin");
            world.Write("one.bin", "another one");
            await world.NeedAsync("add", "one.bin");
        })
        { Keeps = false },
    }.Where(s => s.Key != "gc" || VerbTable.All.Any(v => v.Name == "gc")).ToDictionary(StringComparer.Ordinal);

    /// <summary>No object that was there may go.</summary>
    public bool Keeps { get; private init; } = true;

    /// <summary>All that pointers, locks and listings name lies in the cache from the beginning.</summary>
    public bool IsCached { get; private init; } = true;

    public async Task<KillWorld> PrepareAsync(string folder)
    {
        var world = await KillWorld.CreateAsync(folder);
        await this.Before(world);
        return world;
    }

    private static Task Stages(KillWorld world)
    {
        world.Write("in.txt", "one\n");
        world.Write("params.yaml", "p: 1\n");
        world.Write("dvc.yaml", Pipeline);
        return Task.CompletedTask;
    }
}
