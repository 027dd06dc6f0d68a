using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Testing;

namespace Ci.Benchmarks;

/// <summary>artifacts/bench/&lt;name&gt;.json: what a benchmark measured, for the documentation and for comparing runs.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string name, JsonNode figures)
    {
        var folder = Directory.CreateDirectory(RepositoryRoot.At("artifacts", "bench")).FullName;
        File.WriteAllText(Path.Combine(folder, $"{name}.json"), figures.ToJsonString(Indented) + "\n");
    }
}
