using System.Text.Json;
using Ci.Cli.Verbs;
using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class GlobFilesTests
{
    /// <summary>The table is what Python 3.11's <c>glob.glob(pattern, recursive=True)</c> finds in the tree.</summary>
    [Fact]
    public void Files_are_found_as_with_Python()
    {
        var table = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.At("tests", "Ci.Cli.Tests", "glob.json"))).RootElement;
        using var folder = new TemporaryFolder();
        foreach (var file in table.GetProperty("tree").EnumerateArray())
            folder.Write(file.GetString()!, "");
        Assert.All(table.GetProperty("found").EnumerateObject(), row => Assert.Equal(
            $"{row.Name}: {string.Join(' ', row.Value.EnumerateArray().Select(f => f.GetString()).Order(StringComparer.Ordinal))}",
            $"{row.Name}: {string.Join(' ', GlobFiles.Find(folder.Path, row.Name))}"));
    }
}
