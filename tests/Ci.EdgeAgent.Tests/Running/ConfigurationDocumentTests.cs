using System.Globalization;
using System.Text;
using Ci.EdgeAgent.Configuration;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>Schema and page are made from what the agent really reads. Where one differs, what was made is left beside it as *.received.*: look at it, then rename it.</summary>
public sealed class ConfigurationDocumentTests
{
    private const string Begin = "<!-- settings: made from the reader, see ConfigurationDocumentTests -->\n";
    private const string End = "<!-- /settings -->";

    [Fact]
    public void Every_setting_has_a_line_that_says_what_it_is_for()
    {
        var silent = AgentConfigurationFile.Catalogue().Where(s => SettingWords.Of(s.Path) is null).Select(s => s.Path);
        Assert.True(!silent.Any(), $"give these a line in Configuration/SettingWords.cs: {string.Join(", ", silent)}");
    }

    [Fact]
    public void The_published_schema_is_the_one_that_the_agent_writes() =>
        AssertSame(RepositoryRoot.At("docs", "protocol", "schemas", "agent-configuration.schema.json"), ConfigurationSchema.Text() + "\n");

    [Fact]
    public void The_page_lists_every_setting_with_its_variable_default_and_range()
    {
        var page = RepositoryRoot.At("docs", "protocol", "agent-configuration.md");
        var text = File.ReadAllText(page);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= 0 && to > from, "the page has lost the marks around its table");
        AssertSame(page, text[..(from + Begin.Length)] + Table() + text[to..]);
    }

    private static string Table()
    {
        var table = new StringBuilder("| member | variable | default | range | |\n| --- | --- | --- | --- | --- |\n");
        foreach (var setting in AgentConfigurationFile.Catalogue())
        {
            var words = SettingWords.Of(setting.Path);
            var secret = SecretRules.IsSecret(setting.Path.Split('.')[^1]);
            var variable = secret ? SecretFiles.SourceToken : setting.Variable;
            var separator = setting.Kind == SettingKind.Texts ? $" (`{setting.Separator}`)" : "";
            var (fallback, range) = setting.Range is var (d, least, most)
                ? (Number(d), $"{Number(least)} to {Number(most)}")
                : (words?.Default is { } text ? $"`{text}`" : "", "");
            table.Append(CultureInfo.InvariantCulture, $"| {(secret ? "never in the file" : $"`{setting.Path}`")} | `{variable}`{separator} | {fallback} | {range} | {words?.Words} |\n");
        }

        return table.ToString();
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static void AssertSame(string path, string made)
    {
        var received = Path.ChangeExtension(path, ".received" + Path.GetExtension(path));
        if (File.ReadAllText(path) == made)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, made);
        Assert.Fail($"{path} is not what the agent reads; what it should be lies in {received}");
    }
}
