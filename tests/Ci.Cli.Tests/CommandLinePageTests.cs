using System.CommandLine;
using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class CommandLinePageTests
{
    [Fact]
    public async Task The_page_of_the_command_line_says_what_the_verbs_say()
    {
        var expected = await CommandLinePage.ComposeAsync(HelpAsync);

        Assert.True(File.Exists(CommandLinePage.File) && await File.ReadAllTextAsync(CommandLinePage.File) == expected,
            $"{CommandLinePage.File} is not what the verbs say: `{CommandLinePage.Remedy}` writes it again");
    }

    [Fact]
    public async Task The_page_knows_every_verb()
    {
        var page = await CommandLinePage.ComposeAsync(HelpAsync);

        Assert.All(VerbTable.All, verb => Assert.Contains($"\n### mlops {verb.Name}\n", page, StringComparison.Ordinal));
        Assert.Contains("\n#### mlops promote apply\n", page, StringComparison.Ordinal);
    }

    private static async Task<string> HelpAsync(IReadOnlyList<string> words)
    {
        using var output = new StringWriter();
        var context = new CliContext
        {
            Out = output,
            Error = output,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
            WorkingDirectory = RepositoryRoot.Path,
            Time = TimeProvider.System,
        };
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync([.. words, "--help"], context));
        // The first word of a usage line is the running program's name: here the test host's.
        return output.ToString().Replace($"  {RootCommand.ExecutableName} ", "  mlops ", StringComparison.Ordinal);
    }
}
