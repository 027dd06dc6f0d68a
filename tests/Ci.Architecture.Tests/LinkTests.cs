using System.Text.RegularExpressions;
using Ci.Testing;

namespace Ci.Architecture.Tests;

public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.Matching("*.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page) =>
        Assert.Empty(DeadLinks(RepositoryRoot.At(page), File.ReadAllText(RepositoryRoot.At(page))));

    [Theory]
    [InlineData("[x](no-such-page.md)")]
    [InlineData("[x](README.md#no-such-heading)")]
    [InlineData("<img src=\"no-such-picture.png\">")]
    public void A_dead_link_is_found_out(string text) => Assert.NotEmpty(DeadLinks(RepositoryRoot.At("README.md"), text));

    [Theory]
    [InlineData("adr", "*.md")]
    [InlineData("guide", "*.md")]
    [InlineData("protocol", "*.md")]
    [InlineData("protocol", "schemas/*.json")]
    public void Every_page_is_listed_in_its_folders_README(string folder, string pattern)
    {
        var root = RepositoryRoot.At("docs", folder);
        var list = File.ReadAllText(Path.Combine(root, "README.md"));
        var missing = Directory.GetFiles(root, pattern)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => file != "README.md" && !list.Contains($"]({file})", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Fact]
    public void A_picture_of_the_documentation_weighs_little() =>
        Assert.All(Directory.GetFiles(RepositoryRoot.At("docs", "images")), file => Assert.InRange(new FileInfo(file).Length, 1, 250 * 1024));

    private static IEnumerable<string> DeadLinks(string page, string text)
    {
        foreach (Match match in Link().Matches(Code().Replace(text, "")))
        {
            var target = match.Groups["target"].Value;
            if (Elsewhere().IsMatch(target))
                continue;
            var parts = target.Split('#', 2);
            var file = parts[0].Length == 0 ? page : Path.GetFullPath(parts[0], Path.GetDirectoryName(page)!);
            if (!File.Exists(file) && !Directory.Exists(file))
                yield return $"{target}: there is no {Path.GetRelativePath(RepositoryRoot.Path, file)}";
            else if (parts.Length == 2 && !Anchors(File.ReadAllText(file)).Contains(parts[1], StringComparer.Ordinal))
                yield return $"{target}: there is no such heading";
        }
    }

    // A heading's anchor as forges make it: lower case, blanks as hyphens, other signs dropped.
    private static IEnumerable<string> Anchors(string text) => Heading()
        .Matches(text)
        .Select(match => new string([.. match.Groups["words"].Value.Trim().ToLowerInvariant().Replace(' ', '-').Where(c => char.IsLetterOrDigit(c) || c is '-' or '_')]));

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)|(?:src|href)=""(?<target>[^""]+)""")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"^#+ (?<words>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
