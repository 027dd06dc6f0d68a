using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ci.Testing;

namespace Ci.Architecture.Tests;

public sealed partial class ArrowTests
{
    private static IReadOnlyDictionary<string, string> ProjectFiles { get; } = Directory
        .EnumerateFiles(RepositoryRoot.At("src"), "*.csproj", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(RepositoryRoot.At("edge-agent"), "*.csproj", SearchOption.AllDirectories))
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => path, StringComparer.Ordinal);

    public static TheoryData<string> Rooms => [.. House.Arrows.Keys];

    public static TheoryData<string> PureRooms => [.. House.Pure];

    [Fact]
    public void The_rooms_are_exactly_those_of_the_house_and_the_command_line() =>
        Assert.Equal(House.Arrows.Keys.Append("Ci.Cli").Order(StringComparer.Ordinal), ProjectFiles.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_has_exactly_the_arrows_of_the_house(string room) =>
        Assert.Equal(House.Arrows[room].Order(StringComparer.Ordinal), References(room));

    [Fact]
    public void The_command_line_is_the_only_composition_root_of_src() =>
        Assert.Equal(House.Arrows.Keys.Where(room => room != "Ci.EdgeAgent").Order(StringComparer.Ordinal), References("Ci.Cli"));

    [Theory]
    [MemberData(nameof(PureRooms))]
    public void A_pure_room_touches_no_file_clock_network_process_or_environment(string room)
    {
        var folder = Path.GetDirectoryName(ProjectFiles[room])!;
        var sins = Sources(folder)
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, number: index + 1)))
            .Where(at => !at.line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Impure().IsMatch(at.line))
            .Select(at => $"{Path.GetRelativePath(RepositoryRoot.Path, at.file)}:{at.number}: {at.line.Trim()}");
        Assert.Empty(sins);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_of_src_names_no_forge_outside_the_vendors_folders(string room)
    {
        var folder = Path.GetDirectoryName(ProjectFiles[room])!;
        var sins = Sources(folder)
            .Where(file => !file.Contains("/GitHub", StringComparison.Ordinal) && !file.Contains("/GitLab", StringComparison.Ordinal))
            .Where(file => File.ReadLines(file).Any(line => VendorVariable().IsMatch(line)));
        Assert.Empty(sins.Select(file => Path.GetRelativePath(RepositoryRoot.Path, file)));
    }

    [Fact]
    public void Every_room_has_its_tests()
    {
        var missing = ProjectFiles.Keys.Where(room => !File.Exists(RepositoryRoot.At("tests", $"{room}.Tests", $"{room}.Tests.csproj")));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_top_level_holds_only_what_the_house_names()
    {
        string[] named = ["action", "action.yml", "build", "docs", "edge-agent", "src", "templates", "tests", "Ci.sln", "README.md", "LICENSE", "NOTICE", "global.json", "BannedSymbols.txt", "artifacts"];
        var others = Directory.EnumerateFileSystemEntries(RepositoryRoot.Path)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.') && !name.EndsWith(".props", StringComparison.Ordinal) && !named.Contains(name));
        Assert.Empty(others);
    }

    private static IEnumerable<string> References(string room) => XDocument.Load(ProjectFiles[room])
        .Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"\b(File|Directory|FileStream|FileInfo|DirectoryInfo|Process|HttpClient|Socket|TcpClient|Stopwatch|TimeProvider|Console)\b\s*[.(]|\bEnvironment\s*\.\s*(Get|Set|Current|Exit|Machine|User|Process)|\bnew\s+(FileStream|HttpClient|FileInfo|DirectoryInfo)\b")]
    private static partial Regex Impure();

    [GeneratedRegex(@"""(GITHUB|GITLAB|CI)_[A-Z_]+""")]
    private static partial Regex VendorVariable();
}
