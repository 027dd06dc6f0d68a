namespace Ci.Releases.Tests;

public sealed class SemanticVersionTests
{
    [Fact]
    public void Versions_are_ordered_as_section_11_says()
    {
        string[] ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0"];
        Assert.Equal(ordered, ordered.Reverse().Select(SemanticVersion.Parse).Order().Select(version => version.ToString()));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("v1.0.0")]
    [InlineData("01.0.0")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-01")]
    [InlineData("1.0.0+")]
    [InlineData("1.0.0-a..b")]
    [InlineData("1.0.0 ")]
    [InlineData("")]
    public void What_is_no_version_is_refused(string text) => Assert.False(SemanticVersion.TryParse(text, out _));

    [Fact]
    public void The_next_version_drops_pre_release_and_build()
    {
        var version = SemanticVersion.Parse("1.2.3-rc.1+b5");
        Assert.Equal("1.2.3-rc.1+b5", version.ToString());
        Assert.Equal(["1.2.4", "1.3.0", "2.0.0"], [version.Next().ToString(), version.Next(minor: true).ToString(), version.Next(major: true).ToString()]);
    }
}
