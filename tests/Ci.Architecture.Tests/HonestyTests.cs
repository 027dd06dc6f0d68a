using System.Text.RegularExpressions;
using Ci.Testing;

namespace Ci.Architecture.Tests;

/// <summary>Marks that no landed line may carry.</summary>
public sealed partial class HonestyTests
{
    [Fact]
    public void No_product_code_is_a_stub()
    {
        var marks = Sources("src", "edge-agent", "build")
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, number: index + 1)))
            .Where(at => Stub().IsMatch(at.line))
            .Select(at => $"{Path.GetRelativePath(RepositoryRoot.Path, at.file)}:{at.number}: {at.line.Trim()}");
        Assert.Empty(marks);
    }

    [Fact]
    public void No_test_is_skipped()
    {
        var marks = Sources("tests")
            .Where(file => File.ReadLines(file).Any(line => Skipped().IsMatch(line)))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file));
        Assert.Empty(marks);
    }

    [Fact]
    public void Every_package_version_is_exact()
    {
        var loose = File.ReadLines(RepositoryRoot.At("Directory.Packages.props"))
            .Where(line => line.Contains("<PackageVersion", StringComparison.Ordinal) && !ExactVersion().IsMatch(line));
        Assert.Empty(loose);
    }

    private static IEnumerable<string> Sources(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(RepositoryRoot.At(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException|catch\s*(\(Exception[^)]*\))?\s*\{\s*\}")]
    private static partial Regex Stub();

    [GeneratedRegex(@"\[(Fact|Theory)\([^)]*Skip\s*=")]
    private static partial Regex Skipped();

    [GeneratedRegex(@"Version=""\[[0-9.]+\]""")]
    private static partial Regex ExactVersion();
}
