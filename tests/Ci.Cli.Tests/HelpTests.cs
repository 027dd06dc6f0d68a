using System.CommandLine;

namespace Ci.Cli.Tests;

/// <summary>Every verb says what it is for and what it needs.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. VerbTable.All.Select(verb => verb.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_its_arguments_and_its_options_are_described(string name)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = Context(output, error);
        var verb = VerbTable.All.Single(candidate => candidate.Name == name);
        Assert.InRange(verb.Summary.Length, 10, 160);
        foreach (var command in Tree(verb.Make(context)))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), $"{name}: {command.Name} has no description");
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{name} {command.Name}: <{argument.Name}> has no description"));
            Assert.All(command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{name} {command.Name}: {option.Name} has no description"));
        }

        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync([name, "--help"], context));
        Assert.Contains("--json", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task The_list_of_verbs_names_each_with_its_summary_and_the_exit_codes()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["--help"], Context(output, error)));
        Assert.All(VerbTable.All, verb => Assert.Contains(verb.Name, output.ToString(), StringComparison.Ordinal));
        Assert.Contains("130 interrupted", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version --json")]
    [InlineData("new --json")]
    public async Task What_needs_nothing_answers_with_one_document(string call)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(call.Split(' '), Context(output, error)));
        using var document = System.Text.Json.JsonDocument.Parse(output.ToString());
        Assert.Equal(System.Text.Json.JsonValueKind.Object, document.RootElement.ValueKind);
    }

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);

    private static CliContext Context(TextWriter output, TextWriter error) => new()
    {
        Out = output, Error = error, Environment = new Dictionary<string, string>(), WorkingDirectory = Path.GetTempPath(), Time = TimeProvider.System,
    };
}
