using Ci.Testing;

namespace Ci.Data.Tests;

public sealed class IgnoreTests
{
    [Theory]
    [InlineData("*.tmp", "a/b.tmp", true)]
    [InlineData("*.tmp", "a/b.tmpx", false)]
    [InlineData("/x", "x", true)]
    [InlineData("/x", "a/x", false)]
    [InlineData("a/*.c", "a/x.c", true)]
    [InlineData("a/*.c", "a/b/x.c", false)]
    [InlineData("a/**/x", "a/x", true)]
    [InlineData("a/**/x", "a/b/c/x", true)]
    [InlineData("**/x", "a/b/x", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("x/", "x", false)]
    [InlineData("?.c", "ab.c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("\\#x", "#x", true)]
    [InlineData("#x", "#x", false)]
    [InlineData("*.c\n!keep.c", "a/keep.c", false)]
    [InlineData("x  ", "x", true)]
    [InlineData("[x", "[x", true)]
    [InlineData("a**", "a", true)]
    [InlineData("a**/", "a/x", true)]
    [InlineData("a**/x", "ab/c/x", false)]
    public void Patterns_mean_what_Git_says_they_mean(string patterns, string path, bool ignored)
    {
        using var folder = new TemporaryFolder();
        Project.Initialize(folder.Path);
        folder.Write(".dvcignore", patterns);
        Assert.Equal(ignored, Project.Open(folder.Path, TimeProvider.System).Ignore.IgnoresAnywhere(folder.Of(path), isFolder: false));
    }

    [Fact]
    public void A_file_of_patterns_holds_for_its_own_folder_and_below()
    {
        using var folder = new TemporaryFolder();
        Project.Initialize(folder.Path);
        folder.Write("in/.dvcignore", "x\n/y/\n");
        var rules = Project.Open(folder.Path, TimeProvider.System).Ignore;
        Assert.True(rules.IgnoresAnywhere(folder.Of("in/deep/x"), isFolder: false) && rules.IgnoresAnywhere(folder.Of("in/y/z"), isFolder: false));
        Assert.False(rules.IgnoresAnywhere(folder.Of("x"), isFolder: false) || rules.IgnoresAnywhere(folder.Of("in/a/y"), isFolder: true));
    }

    [Theory]
    [InlineData("", "#h", "/\\#h\n")]
    [InlineData("", "!e [b]?*", "/\\!e \\[b\\]\\?\\*\n")]
    [InlineData("", "a\\b", "/a\\\\b\n")]
    [InlineData("*.csv\n", "x.csv", "*.csv\n")]
    [InlineData("*.csv\n!x.csv\n", "x.csv", "*.csv\n!x.csv\n/x.csv\n")]
    [InlineData("x.csv", "x.csv", "x.csv")]
    [InlineData("other", "x.csv", "other\n/x.csv\n")]
    public void A_name_is_kept_out_of_Git_as_DVC_does_it_and_only_when_no_pattern_does(string before, string name, string after)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of(".git"));
        Project.Initialize(folder.Path);
        folder.Write(".gitignore", before);
        GitIgnoreFile.Add(Project.Open(folder.Path, TimeProvider.System), folder.Of(name));
        Assert.Equal(after, File.ReadAllText(folder.Of(".gitignore")));
    }

    [Theory]
    [InlineData("", "/config.local\n/tmp\n/cache\n")]
    [InlineData("/.dvc/cache\n", "/config.local\n/tmp\n")]
    [InlineData("cache/\ntmp\n", "/config.local\n")]
    public void A_new_project_ignores_what_Git_does_not_ignore_already(string before, string expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of(".git"));
        folder.Write(".gitignore", before);
        Project.Initialize(folder.Path);
        Assert.Equal(expected, File.ReadAllText(folder.Of(".dvc", ".gitignore")));
    }
}
