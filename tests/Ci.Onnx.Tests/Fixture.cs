using System.Text.Json.Nodes;
using Ci.Testing;

namespace Ci.Onnx.Tests;

/// <summary>The runtime under test and the models of tests/Fixtures/models.</summary>
internal static class Fixture
{
    public static OnnxRuntime Runtime { get; } = OnnxRuntime.Load(null, OnnxRuntimeLibrary.Environment);

    public static string Model(string name) => Path.Combine(Folder(), $"{name}.onnx");

    public static JsonNode Golden(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(), $"{name}.golden.json")))!;

    /// <summary>A golden request's only input.</summary>
    public static OnnxValue GoldenInput(string name)
    {
        var input = Golden(name)["request"]!["inputs"]![0]!;
        return OnnxValue.Of((string)input["name"]!, Floats(input["data"]!), Shape(input));
    }

    public static float[] Floats(JsonNode data) => [.. data.AsArray().Select(v => (float)v!)];

    public static long[] Shape(JsonNode tensor) => [.. tensor["shape"]!.AsArray().Select(v => (long)v!)];

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ci.sln")))
                return Path.Combine(folder.FullName, "tests", "Fixtures", "models");
        }

        throw new DirectoryNotFoundException("no folder with Ci.sln above the tests");
    }
}
