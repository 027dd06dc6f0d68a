using System.Text.Json;
using Ci.Testing;

namespace Ci.Data.Tests;

public sealed class ShellPatternTests
{
    /// <summary>The table was drawn at random, with Python 3.11's <c>fnmatch.fnmatchcase</c> as the judge: pattern, text, whether they match.</summary>
    [Fact]
    public void Names_match_as_with_Python()
    {
        var lines = File.ReadAllLines(RepositoryRoot.At("tests", "Ci.Data.Tests", "fnmatch.jsonl"));
        Assert.True(lines.Length > 500);
        Assert.All(lines, line =>
        {
            var row = JsonDocument.Parse(line).RootElement;
            Assert.True(new ShellPattern(row[0].GetString()!, ShellPatternRules.Name).Matches(row[1].GetString()!) == row[2].GetBoolean(), line);
        });
    }

    [Theory]
    [InlineData("*.csv", "a.csv", true)]
    [InlineData("*.csv", "d/a.csv", false)]
    [InlineData("d?a", "d/a", false)]
    [InlineData("d[/]a", "d/a", false)]
    [InlineData("d[!x]a", "d/a", false)]
    [InlineData("**/a.csv", "a.csv", true)]
    [InlineData("**/a.csv", "d/e/a.csv", true)]
    [InlineData("**/a.csv", "d/xa.csv", false)]
    [InlineData("d/**/a", "d/a", true)]
    [InlineData("d/**/a", "d/x/y/a", true)]
    [InlineData("d/**/a", "da", false)]
    [InlineData("d/**", "d/x/y", true)]
    [InlineData("d/**", "e/x", false)]
    [InlineData("**/**/a", "x/a", true)]
    [InlineData("a**b", "a/x/b", true)]
    [InlineData("*/[a-c]?", "x/b1", true)]
    [InlineData("", "", true)]
    [InlineData("*", "", true)]
    public void A_pattern_over_paths_minds_the_slashes(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new ShellPattern(pattern, ShellPatternRules.Path).Matches(path));

    [Fact]
    public void A_pattern_that_would_take_others_for_ever_takes_no_time()
    {
        var pattern = new ShellPattern(string.Concat(Enumerable.Repeat("*a", 200)) + "b", ShellPatternRules.Name);
        Assert.False(pattern.Matches(new string('a', 5000)));
        Assert.False(new ShellPattern(string.Concat(Enumerable.Repeat("**/", 200)) + "b", ShellPatternRules.Path).Matches(string.Concat(Enumerable.Repeat("a/", 2000))));
    }
}
