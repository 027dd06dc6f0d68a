using Ci.Jobs.GitHubActions;

namespace Ci.Jobs.Tests;

public sealed class ActionInputsTests
{
    [Theory]
    [InlineData("promote  rollback --reason \"it was  wrong\" --to 'a b'", "promote|rollback|--reason|it was  wrong|--to|a b")]
    [InlineData("one $(id) `id` ; rm && x | y > o * $HOME", "one|$(id)|`id`|;|rm|&&|x|||y|>|o|*|$HOME")]
    [InlineData("say \"a \\\"b\\\" c\" d\\ e '\\n' \"\\n\"", "say|a \"b\" c|d e|\\n|\\n")]
    [InlineData("say --empty '' x\"\"y", "say|--empty||xy")]
    [InlineData("\ttab\tstops ", "tab|stops")]
    public void Words_are_parted_by_blanks_and_no_shell_reads_them(string line, string words) =>
        Assert.Equal(words, string.Join('|', Assert.Single(Read(("COMMAND", line)).Lines).Words));

    [Theory]
    [InlineData("repro 'open")]
    [InlineData("repro \"open\\\"")]
    [InlineData("repro \\")]
    public void What_stays_open_is_told_with_its_line(string line) =>
        Assert.Contains("line 2", Assert.Throws<JobException>(() => Read(("COMMAND", $"ok\n{line}"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var wrong = Assert.Throws<JobException>(() => Read(("MODE", "x"), ("WORKING-DIRECTORY", "/etc"), ("CONTINUE-ON-EXIT-CODES", "300"), ("COMMAND", "a 'b\nc \"d")));

        Assert.All(["`mode`", "`working-directory`", "`continue-on-exit-codes`", "line 1", "line 2"], told => Assert.Contains(told, wrong.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Evaluate_goes_on_after_a_verdict_and_ends_in_a_bundle()
    {
        var inputs = Read(("MODE", "evaluate"), ("COMMAND", "repro"), ("CONTINUE-ON-EXIT-CODES", "6"));

        Assert.Equal([3, 4, 6], inputs.ContinueOn);
        Assert.Equal(["repro", "report bundle --out bundle.zip"], inputs.Lines.Select(line => line.Text));
    }

    [Fact]
    public void Report_posts_the_bundle_and_needs_no_command()
    {
        var inputs = Read(("MODE", "report"), ("BUNDLE", "in/bundle.zip"), ("KEY", "k; rm"), ("FIGURES", "none"));

        Assert.Equal(["report", "post", "--bundle", "in/bundle.zip", "--key", "k; rm", "--pictures", "none"], Assert.Single(inputs.Lines).Words);
    }

    [Fact]
    public void A_command_without_end_is_refused()
    {
        Assert.Throws<JobException>(() => Read(("COMMAND", string.Concat(Enumerable.Repeat("version\n", 201)))));
        Assert.Throws<JobException>(() => Read(("COMMAND", new string('x', 70_000))));
    }

    private static ActionInputs Read(params (string Name, string Value)[] inputs) => ActionInputs.Read(inputs.ToDictionary(i => $"INPUT_{i.Name}", i => i.Value));
}
