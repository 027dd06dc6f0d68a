using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Ci.Reporting.Tests;

public sealed partial class HostileInputTests
{
    // The two forges' dialects as far as they make something of plain text.
    private static readonly MarkdownPipeline Forge = new MarkdownPipelineBuilder()
        .UsePipeTables().UseAutoLinks().UseTaskLists().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseMathematics().UseEmojiAndSmiley().UseFootnotes().Build();

    private static readonly string[] OwnTags = ["details", "summary", "sub", "br", "code", "/details", "/summary", "/sub", "/code"];

    public static TheoryData<string> Texts => [.. Hostile.Texts];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_from_outside_becomes_markup_in_the_comment(string text)
    {
        var markdown = MarkdownReport.Render(Hostile.With(text), new Dictionary<string, string>(StringComparer.Ordinal) { ["metrics"] = "figures/metrics.svg" });
        var document = Markdown.Parse(markdown, Forge);
        Assert.All(document.Descendants<LinkInline>(), link => Assert.Equal("figures/metrics.svg", link.Url));
        Assert.Empty(document.Descendants<AutolinkInline>());
        Assert.Empty(document.Descendants<CodeInline>());
        Assert.Empty(document.Descendants<HeadingBlock>());
        Assert.Empty(document.Descendants<ListBlock>());
        Assert.Empty(document.Descendants<Markdig.Extensions.Mathematics.MathInline>());
        Assert.Empty(document.Descendants<Markdig.Extensions.Emoji.EmojiInline>());
        Assert.All(document.Descendants<HtmlInline>(), html => Assert.Contains(html.Tag.Trim('<', '>'), OwnTags));
        Assert.All(document.Descendants<Markdig.Extensions.Tables.Table>(), table => Assert.All(table.OfType<Markdig.Extensions.Tables.TableRow>(), row => Assert.Equal(((Markdig.Extensions.Tables.TableRow)table[0]).Count, row.Count)));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_from_outside_calls_a_person_an_issue_or_the_runner(string text)
    {
        var markdown = MarkdownReport.Render(Hostile.With(text), new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.DoesNotMatch(MentionOrReference(), markdown);
        Assert.DoesNotMatch(CommandAtLineStart(), markdown);
        Assert.DoesNotContain("::", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', markdown);
        Assert.DoesNotContain('\u001b', markdown);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_from_outside_becomes_markup_on_the_page(string text)
    {
        var page = HtmlReport.Render(Hostile.With(text));
        Assert.Single(ScriptTag().Matches(page));
        Assert.DoesNotMatch(ForeignTag(), page);
        Assert.DoesNotContain('\u202e', page);
    }

    [Theory]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("//evil.example", null)]
    [InlineData("https://user:secret@example.org/run", null)]
    [InlineData("https://example.org/run) [x](http://evil.example", "https://example.org/run%29%20[x]%28http://evil.example")]
    [InlineData("https://example.org/runs/7", "https://example.org/runs/7")]
    public void A_run_link_is_a_web_address_or_nothing(string url, string? expected) => Assert.Equal(expected, Foot.Link(url));

    [Theory]
    [InlineData("abc; rm -rf /")]
    [InlineData("$(id)")]
    [InlineData("--help")]
    public void A_commit_that_is_not_hexadecimal_never_reaches_a_command(string commit) =>
        Assert.Null(Foot.Reproduce(Samples.EnergyLoad with { Lineage = Samples.EnergyLoad.Lineage with { Commit = commit } }));

    [GeneratedRegex(@"(?<![\w`])@\w|(?<!&|\w)#\d|GH-\d|(?<!\w)!\d|(?<!\w)~\w|https?://|www\.", RegexOptions.IgnoreCase)]
    private static partial Regex MentionOrReference();

    [GeneratedRegex(@"^(/\w|::|##\[)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CommandAtLineStart();

    [GeneratedRegex("<script")]
    private static partial Regex ScriptTag();

    [GeneratedRegex(@"<(img|iframe|object|embed|form|input|link|base|image|foreignObject|a href=.(?!#))|<[^>\x22]*\son\w+=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ForeignTag();
}
