using System.Text.RegularExpressions;
using Ci.Evaluation;

namespace Ci.Reporting.Tests;

public sealed partial class CardTests
{
    [Fact]
    public void The_card_as_a_page_reads_as_approved() => Approval.Verify("card.html", CardHtml.Render(Cards.Card(Cards.Release)));

    [Fact]
    public void The_card_as_it_is_printed_reads_as_approved() => Approval.Verify("card.print.html", CardHtml.RenderForPrint(Cards.Card(Cards.Release)));

    [Fact]
    public void The_card_as_a_readme_reads_as_approved() => Approval.Verify("card.md", HubCard.Create(Cards.Card(Cards.Release)));

    [Fact]
    public void What_people_did_not_say_is_said_to_be_absent_and_never_invented()
    {
        var markdown = CardMarkdown.Render(Cards.Card(null, CardDetails.None));
        foreach (var key in (string[])["intended_use", "out_of_scope", "data", "fairness", "limits", "ethical_considerations"])
            Assert.Contains($"Not stated by those who made the model (<code>{key.Replace("_", "\\_", StringComparison.Ordinal)}</code> of card.yaml).", markdown, StringComparison.Ordinal);
        Assert.Contains("No license is stated", markdown, StringComparison.Ordinal);
        Assert.Contains("Nobody is named who answers for the model", markdown, StringComparison.Ordinal);
        Assert.Contains("No release was given: nothing here is signed.", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_page_says_digest_release_and_signature()
    {
        var first = CardHtml.RenderForPrint(Cards.Card(Cards.Release)).Split("<nav")[0];
        Assert.Contains(Samples.EnergyLoad.Model.Sha256, first, StringComparison.Ordinal);
        Assert.Contains(Cards.Release.Id, first, StringComparison.Ordinal);
        Assert.Contains(Cards.Release.KeyFingerprint!, first, StringComparison.Ordinal);
        Assert.Contains("Verified: a trusted key signed this release, and all 3 files have the signed digests.", first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SignatureState.Missing, "Not signed: there is no signature beside the release.")]
    [InlineData(SignatureState.NotVerified, "Not verified: no trusted key is configured.")]
    public void A_signature_that_was_not_verified_is_called_that(SignatureState state, string words)
    {
        var card = Cards.Card(Cards.Release with { State = state, Reason = "no trusted key is configured", KeyFingerprint = null });
        Assert.Contains($"<strong>{words}</strong>", CardHtml.RenderForPrint(card).Split("<nav")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_were_not_there_to_be_hashed_are_not_said_to_be_verified()
    {
        var release = Cards.Release with { Files = [Cards.Release.Files[0], .. Cards.Release.Files.Skip(1).Select(file => file with { Hashed = false })] };
        Assert.Contains("1 of 3 files lay here and have the signed digests; the others were not looked at.", CardMarkdown.Render(Cards.Card(release)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_of_another_model_file_makes_no_card()
    {
        var other = Cards.Release with { Files = [Cards.Release.Files[0] with { Sha256 = new string('0', 64) }] };
        Assert.Contains("make the card from the release's own report", Assert.Throws<ReportException>(() => Cards.Card(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leak_is_told_on_the_first_page()
    {
        var leaky = Samples.EnergyLoad with { Data = Samples.EnergyLoad.Data with { RowsAlsoInTraining = 12 } };
        Assert.Contains("12 of 5,088 evaluation rows also stand in the training data", CardHtml.RenderForPrint(Cards.Of(leaky)).Split("<nav")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_gap_allows_for_the_pairs_that_it_was_chosen_from()
    {
        ReportSlice Slice(string name, double value, double half) => new() { Name = name, Rows = 200, Candidate = new Measurement(value, value - half, value + half, 0.95) };
        var two = SliceGap.Of(new ReportSlices { Metric = "rmse", Unit = "MW", Rows = [Slice("a", 100, 3), Slice("b", 110, 4)] })!;
        Assert.Equal((10, 5.0, 15.0), (two.Difference.Value, Math.Round(two.Difference.Low!.Value, 6), Math.Round(two.Difference.High!.Value, 6)));
        var three = SliceGap.Of(new ReportSlices { Metric = "rmse", Unit = "MW", Rows = [Slice("a", 100, 3), Slice("b", 110, 4), Slice("c", 105, 9)] })!;
        // Bonferroni over three pairs: 2.39398 instead of 1.95996.
        Assert.Equal(10 - (5 * 2.393980 / 1.959964), three.Difference.Low!.Value, 5);
        Assert.Contains("allowing for the 3 pairs", three.Words, StringComparison.Ordinal);
        Assert.Equal("b", three.Worst.Name);
    }

    [Fact]
    public void Where_more_is_better_the_slice_with_less_is_the_worse()
    {
        ReportSlice Slice(string name, double value) => new() { Name = name, Rows = 200, Candidate = new Measurement(value) };
        var gap = SliceGap.Of(new ReportSlices { Metric = "accuracy", Direction = "higher", Rows = [Slice("a", 0.9), Slice("b", 0.8)] })!;
        Assert.Equal("b", gap.Worst.Name);
        Assert.Contains("0.1000 lower on “b”", gap.Words, StringComparison.Ordinal);
        Assert.EndsWith("its interval is not known.", gap.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schema: mlops.card/v2\n", "card.yaml:1: `schema` is `mlops.card/v2`")]
    [InlineData("title: x\n", "`schema` is missing")]
    [InlineData("", "it is empty")]
    [InlineData("schema: mlops.card/v1\nintendeduse: x\n", "card.yaml:2: the file has no key `intendeduse`")]
    [InlineData("schema: mlops.card/v1\nlanguage: \"<script>\"\n", "card.yaml:2: `language` must be a language tag")]
    [InlineData("schema: mlops.card/v1\ntitle: [a]\n", "card.yaml:2: `title` must be a text")]
    [InlineData("schema: mlops.card/v1\nhub: {dataset: {typ: x}}\n", "has no key `typ`")]
    [InlineData("schema: mlops.card/v1\nlimits: &a x\ndata: *a\n", "card.yaml:3: not valid YAML: aliases")]
    [InlineData("schema: mlops.card/v1\nlimits: [[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]\n", "nested deeper than 16")]
    [InlineData("schema: mlops.card/v1\nlimits: 'a\n", "not valid YAML")]
    [InlineData("schema: mlops.card/v1\ntitle: a\ntitle: b\n", "not valid YAML")]
    public void Wrong_words_of_people_are_told_with_their_line(string yaml, string message) =>
        Assert.Contains(message, Assert.Throws<ReportException>(() => CardDetailsFile.Read(yaml, "card.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Words_of_people_without_end_are_refused()
    {
        Assert.Contains("at most", Assert.Throws<ReportException>(() => CardDetailsFile.Read("schema: mlops.card/v1\nlimits: " + new string('x', 30_000), "card.yaml")).Message, StringComparison.Ordinal);
        Assert.Contains("at most", Assert.Throws<ReportException>(() => CardDetailsFile.Read("schema: mlops.card/v1\n#" + new string('x', 300_000), "card.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paragraphs_of_people_stay_apart_and_keep_their_language()
    {
        var details = CardDetailsFile.Read("schema: mlops.card/v1\nlanguage: el\nintended_use: |\n  Πρόβλεψη φορτίου.\n\n  Δεύτερη παράγραφος.\n", "card.yaml");
        Assert.Equal(["Πρόβλεψη φορτίου.", "Δεύτερη παράγραφος."], details.IntendedUse);
        Assert.Contains("<p class=\"said\" lang=\"el\" dir=\"auto\">Πρόβλεψη φορτίου.</p>", System.Net.WebUtility.HtmlDecode(CardHtml.Render(Cards.Card(null, details))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_paragraph_is_whole_in_every_rendering()
    {
        var words = string.Join(' ', Enumerable.Range(0, 2_500).Select(index => $"w{index}"));
        var card = Cards.Card(null, CardDetails.None with { Limits = [words] });
        Assert.Contains(words, CardHtml.RenderForPrint(card), StringComparison.Ordinal);
        Assert.Contains(words, CardMarkdown.Render(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Joiners_that_spelling_needs_are_kept_and_those_that_hide_something_are_not()
    {
        Assert.Equal("می\u200cخواهم क्\u200dष", PlainText.Clean("می\u200cخواهم क्\u200dष"));
        Assert.Equal("admin", PlainText.Clean("ad\u200dmin\u200c"));
        Assert.Equal("x", PlainText.Clean("\u200dx"));
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Nothing_from_outside_becomes_markup_in_a_card(string text)
    {
        var details = CardDetails.None with { Title = text, License = text, Contacts = [text], IntendedUse = [text], Limits = [text, text], Hub = new HubDetails { Name = text, Tags = [text] } };
        var report = Hostile.With(text) with { Outcome = Outcome.Regress };
        foreach (var html in (string[])[CardHtml.Render(Cards.Of(report, details)), CardHtml.RenderForPrint(Cards.Of(report, details))])
            Assert.DoesNotMatch(ForeignTag(), html);
        var card = Cards.Of(report, details);
        var front = HubReading.FrontMatter(HubCard.Create(card), "README.md");
        Assert.Equal(PlainText.Clean(text, 200), (string?)front["model-index"]![0]!["name"]);
        Assert.Equal(PlainText.Clean(text), PlainText.Clean((string?)front["tags"]![0]));
        Assert.DoesNotContain("::", HubCard.Create(card).Split("\n---\n")[1], StringComparison.Ordinal);
    }

    public static TheoryData<string> HostileTexts => [.. Hostile.Texts];

    [GeneratedRegex(@"<(img|iframe|object|embed|form|input|link|base|image|foreignObject|a href=.(?!#|https://github.com))|<[^>\x22]*\son\w+=|<script>alert", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ForeignTag();
}
