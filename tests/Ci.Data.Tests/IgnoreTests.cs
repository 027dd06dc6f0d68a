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
}
