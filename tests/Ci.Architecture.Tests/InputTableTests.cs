using Ci.Testing;

namespace Ci.Architecture.Tests;

/// <summary>Inputs and outputs are described once, where they are declared.</summary>
public sealed class InputTableTests
{
    public static TheoryData<string> Pages => [.. InputTables.All.Select(table => table.Page).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_guide_says_what_the_file_declares(string page)
    {
        var text = File.ReadAllText(RepositoryRoot.At(page.Split('/')));
        Assert.True(InputTables.Renew(page) == text, $"{page} is stale: {CommandLinePage.Remedy}");
    }

    [Fact]
    public void Every_input_that_the_binary_reads_is_declared_and_the_other_way_round()
    {
        var declared = InputTables.Entries(File.ReadAllText(RepositoryRoot.At("action.yml")), "inputs").Select(entry => entry.Name).Order(StringComparer.Ordinal);
        var source = File.ReadAllText(RepositoryRoot.At("src", "Ci.Jobs", "GitHubActions", "ActionInputs.cs"));
        var read = System.Text.RegularExpressions.Regex.Matches(source, @"(?:Text\(environment, |input\()""([\w-]+)""").Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(declared, read);
    }

    [Fact]
    public void YAML_that_it_does_not_understand_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => InputTables.Entries("inputs:\n  a:\n    b: {c: d}\n      e: f\n", "inputs"));
        Assert.Throws<InvalidOperationException>(() => InputTables.Entries("outputs:\n", "inputs"));
    }
}
