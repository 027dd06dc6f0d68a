using System.Text.Json.Nodes;
using Ci.Cli.Verbs;
using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class DataStatusTests
{
    [Fact]
    public async Task Changes_between_commit_description_and_data_stand_apart()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/data/a.txt", "a\n");
        world.Write("r/data/b.txt", "b\n");
        await world.OkAsync("add", "data");
        await world.CommitAsync("one");
        Assert.Equal("{}", await StatusAsync(world));
        Assert.Equal("""{"unchanged":["data/","data/a.txt","data/b.txt"]}""", await StatusAsync(world, "--unchanged", "--granular"));
        File.Delete(world.Of("r/data/a.txt"));
        world.Write("r/data/b.txt", "b2\n");
        world.Write("r/data/new.txt", "new\n");
        // Of directory/transcript.txt, made by DVC 3.67.1.
        Assert.Equal("""{"uncommitted":{"modified":["data/","data/b.txt"],"added":["data/new.txt"],"deleted":["data/a.txt"]}}""", await StatusAsync(world, "--granular"));
        Assert.Equal("""{"uncommitted":{"modified":["data/"]}}""", await StatusAsync(world));
        await world.OkAsync("add", "data");
        Assert.Equal("""{"committed":{"modified":["data/"]}}""", await StatusAsync(world));
        Directory.Delete(world.Of("r/.dvc/cache"), recursive: true);
        Assert.Contains("\"not_in_cache\":[\"data/\"]", await StatusAsync(world), StringComparison.Ordinal);
    }

    // The verb hangs below `data`, beside the checks; here it is asked by itself.
    private static async Task<string> StatusAsync(VerbWorld world, params string[] arguments)
    {
        var output = new StringWriter();
        var context = new CliContext { Out = output, Error = new StringWriter(), Environment = new Dictionary<string, string>(GitIsolation.Environment) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" }, WorkingDirectory = world.Of("r"), Time = TimeProvider.System };
        var root = new System.CommandLine.RootCommand { DataStatusVerb.Create(context) };
        root.Options.Add(VerbAction.Json);
        root.Options.Add(VerbAction.Verbose);
        await root.Parse(["status", .. arguments, "--json"]).InvokeAsync();
        return JsonNode.Parse(output.ToString())!.ToJsonString();
    }
}
