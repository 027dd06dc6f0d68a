namespace Ci.Registry.Tests;

public sealed class RegistryTagTests
{
    [Theory]
    [InlineData("rf@v0.0.1", "rf", RegistryEventKind.Registration)]
    [InlineData("rf@v1.0.0-rc.1+b5", "rf", RegistryEventKind.Registration)]
    [InlineData("some/dir=nn@v0.0.1!", "some/dir:nn", RegistryEventKind.Deregistration)]
    [InlineData("rf#prod#2", "rf", RegistryEventKind.Assignment)]
    [InlineData("rf#prod", "rf", RegistryEventKind.Assignment)]
    [InlineData("rf#prod!#5", "rf", RegistryEventKind.Unassignment)]
    [InlineData("rf#prod!", "rf", RegistryEventKind.Unassignment)]
    [InlineData("some/dir=nn@deprecated", "some/dir:nn", RegistryEventKind.Deprecation)]
    [InlineData("rf@created", "rf", RegistryEventKind.Creation)]
    [InlineData("1x@v0.0.1", "1x", RegistryEventKind.Registration)]
    public void A_tag_of_the_grammar_is_read_and_written_alike(string name, string artifact, RegistryEventKind kind)
    {
        Assert.True(RegistryTag.TryParse(name, out var tag));
        Assert.Equal(artifact, tag.Artifact);
        Assert.Equal(kind, tag.Kind);
        Assert.Equal(name, tag.ToString());
    }

    [Theory]
    [InlineData("rf@v1.0.0.0")]
    [InlineData("rf@v8.0.0#dev")]
    [InlineData("some=dir=x@v1.0.0")]
    [InlineData("weird#tag@x")]
    [InlineData("rf@1.0.0")]
    [InlineData("x@v1.0.0")]
    [InlineData("-rf@v1.0.0")]
    [InlineData("rf#p")]
    [InlineData("rf#prod#-1")]
    [InlineData("rf@deprecated!")]
    [InlineData("@v1.0.0")]
    [InlineData("v1.0.0")]
    public void What_is_not_of_the_grammar_is_not_read(string name) => Assert.False(RegistryTag.TryParse(name, out _));

    [Fact]
    public void A_bad_name_is_refused_in_words() =>
        Assert.Contains("bad_name!", Assert.Throws<RegistryException>(() => RegistryTag.ArtifactName("bad_name!")).Message, StringComparison.Ordinal);
}
