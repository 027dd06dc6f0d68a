using System.Text.RegularExpressions;
using Ci.Testing;
using YamlDotNet.RepresentationModel;

namespace Ci.Cli.Tests;

/// <summary>Every command line that a workflow or a page shows, parsed by the real command tree: a renamed option shows here first.</summary>
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string> Workflows => [.. WorkflowFiles()];

    public static TheoryData<string> Pages => [.. RepositoryFiles.Matching("*.md")];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_uses_only_verbs_and_options_that_exist(string file)
    {
        var commands = ActionSteps(File.ReadAllText(RepositoryRoot.At(file))).ToList();

        Assert.Empty(commands.SelectMany(command => Problems(file, command)));
    }

    [Fact]
    public void The_workflows_of_the_template_hold_commands_to_parse() =>
        Assert.True(WorkflowFiles().Sum(file => ActionSteps(File.ReadAllText(RepositoryRoot.At(file))).Count()) >= 15);

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_shows_only_commands_that_exist(string file)
    {
        var text = File.ReadAllText(RepositoryRoot.At(file)).Replace("\\\n", " ", StringComparison.Ordinal);
        var problems = new List<string>();
        foreach (Match block in Block().Matches(text))
        {
            var content = block.Groups["content"].Value;
            var commands = block.Groups["language"].Value == "yaml" ? ActionSteps(content) : ShellLines(content);
            problems.AddRange(commands.SelectMany(command => Problems(file, command)));
        }

        problems.AddRange(InlineVerb().Matches(text).Select(match => match.Groups["verb"].Value)
            .Where(verb => VerbTable.All.All(known => known.Name != verb))
            .Select(verb => $"{file}: there is no verb `mlops {verb}`"));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("compare --candidat evaluation.json")]
    [InlineData("promote aply --environment staging")]
    [InlineData("release create --model model.onnx")]
    public void A_wrong_command_is_found_out(string command) => Assert.NotEmpty(Problems("here", command));

    private static IEnumerable<string> Problems(string file, string command) =>
        CommandLine.Parse([.. Words(command)], Context()).Errors.Select(error => $"{file}: `{command}`: {error.Message}");

    // What the action's steps run, and what steps run in a shell.
    private static IEnumerable<string> ActionSteps(string yaml)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(yaml);
        stream.Load(reader);
        foreach (var step in stream.Documents.SelectMany(document => document.AllNodes).OfType<YamlMappingNode>())
        {
            if (Text(step, "uses")?.Contains("mlops-action", StringComparison.Ordinal) is true && step.Children.TryGetValue("with", out var with))
            {
                foreach (var line in Lines(Text((YamlMappingNode)with, "command")).Where(line => line[0] != '#'))
                    yield return line;
            }

            foreach (var line in ShellLines(Text(step, "run") ?? ""))
                yield return line;
        }
    }

    private static IEnumerable<string> ShellLines(string text) => Lines(text)
        .Select(line => Prompt().Match(line))
        .Where(match => match.Success)
        .SelectMany(match => match.Groups["command"].Value.Split(" && ").Select(part => Prompt().Match(part)))
        .Where(match => match.Success)
        .Select(match => Remark().Replace(match.Groups["command"].Value, "")["mlops".Length..].Trim());

    private static IEnumerable<string> Lines(string? text) =>
        (text ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    private static IEnumerable<string> Words(string command) => Word()
        .Matches(Expression().Replace(command, "1"))
        .Select(match => match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Value);

    private static string? Text(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;

    private static IEnumerable<string> WorkflowFiles() => RepositoryFiles.Matching("*.yml")
        .Where(file => file.StartsWith("templates/", StringComparison.Ordinal) && file.Contains(".github/workflows/", StringComparison.Ordinal));

    private static CliContext Context() => new()
    {
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        WorkingDirectory = RepositoryRoot.Path,
        Time = TimeProvider.System,
    };

    [GeneratedRegex(@"^```(?<language>sh|yaml)\n(?<content>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?<command>mlops( .*|$))")]
    private static partial Regex Prompt();

    [GeneratedRegex(@"\s+#.*$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\$\{\{.*?\}\}")]
    private static partial Regex Expression();

    [GeneratedRegex(@"""(?<quoted>[^""]*)""|'(?<quoted>[^']*)'|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"`mlops (?<verb>[a-z]+)")]
    private static partial Regex InlineVerb();
}
