using System.Diagnostics;
using System.Text;

namespace Ci.Reporting.Tests;

/// <summary>Cards really printed, and read again by poppler.</summary>
public sealed class PdfTests : IDisposable
{
    private static readonly DateTimeOffset Created = new(2026, 11, 20, 10, 30, 0, TimeSpan.Zero);
    private static readonly PrinterWorld World = new("/usr/local/bin:/usr/bin:/bin", null);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-pdf-");

    public void Dispose() => this.folder.Delete(recursive: true);

    [Fact]
    public async Task A_card_is_paged_numbered_tagged_and_the_same_bytes_each_time()
    {
        var card = Cards.Card(Cards.Release);
        var printer = PdfPrinters.Find(World, new PdfLimits(), "weasyprint");
        var pdf = await printer.PrintAsync(CardHtml.RenderForPrint(card), card.CreatedAt, default);
        Assert.Equal(pdf, await printer.PrintAsync(CardHtml.RenderForPrint(card), card.CreatedAt, default));
        var facts = this.Ask("pdfinfo", pdf);
        Assert.Matches(@"Title: +Model card: Electricity load, Italy, hourly\n", facts);
        Assert.Matches(@"Author: +Grid forecasting team", facts);
        Assert.Matches(@"Tagged: +yes", facts);
        Assert.Matches(@"CreationDate: +Sat Nov 21 08:00:00 2026", facts);
        var pages = this.Ask("pdftotext", pdf, "-layout", "-").Split('\f', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(pages.Length, 5, 12);
        Assert.Contains(Cards.Release.Id, pages[0], StringComparison.Ordinal);
        Assert.Contains("Verified: a trusted key signed this release", pages[0], StringComparison.Ordinal);
        Assert.All(pages.Select((text, index) => (text, index)), page => Assert.Matches($@"\b{page.index + 1} ?/ ?{pages.Length}\s*$", page.text));
        Assert.All(pages.Skip(1), text => Assert.StartsWith("Electricity load, Italy, hourly", text.TrimStart(), StringComparison.Ordinal));
        // The page that the contents name is the page where the section stands.
        var named = int.Parse(System.Text.RegularExpressions.Regex.Match(pages[0], @"13 Signature[ .]+(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("13 Signature", pages[named - 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_of_every_script_comes_out_as_it_went_in()
    {
        string[] texts = ["Πρόβλεψη φορτίου", "Прогноз нагрузки", "मॉडल", "电力负荷预测", "電力需要予測", "전력 수요"];
        var card = Cards.Card(null, CardDetails.None with { IntendedUse = texts, Limits = ["نموذج الطلب"], OutOfScope = ["מודל ביקוש"] });
        var html = CardHtml.RenderForPrint(card);
        Assert.Empty(await MissingGlyphs.FindAsync(html, World, default));
        var text = this.Ask("pdftotext", await PdfPrinters.Find(World, new PdfLimits()).PrintAsync(html, Created, default), "-");
        Assert.All(texts, words => Assert.Contains(words, text, StringComparison.Ordinal));
        // WeasyPrint puts letters from right to left into the file as they stand on paper; poppler gives them in that order.
        foreach (var words in (string[])["الطلب", "ביקוש"])
            Assert.Contains(words, text + new string([.. text.Reverse()]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Characters_that_no_font_has_are_told_with_the_package_that_has_them()
    {
        var missing = Assert.Single(await MissingGlyphs.FindAsync("<p>\U00013000</p>", new PrinterWorld(this.Fake("fc-list", "exit 0"), null), default));
        Assert.Contains("apt-get install fonts-noto-core", missing, StringComparison.Ordinal);
        Assert.Contains("“\U00013000”", missing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weasyprint")]
    [InlineData("chromium")]
    public async Task A_printer_opens_no_file_and_no_address(string name)
    {
        var secret = Path.Combine(this.folder.FullName, "secret.txt");
        File.WriteAllText(secret, "secret-words");
        var page = CardHtml.RenderForPrint(Cards.Card()).Replace("<main>", $"<main><img src=\"file://{secret}\" alt=\"x\"><iframe src=\"file://{secret}\"></iframe><object data=\"file://{secret}\"></object><link rel=\"attachment\" href=\"file://{secret}\"><link rel=\"stylesheet\" href=\"http://127.0.0.1:9/x.css\">", StringComparison.Ordinal);
        var pdf = await PdfPrinters.Find(World, new PdfLimits(), name).PrintAsync(page, Created, default);
        Assert.DoesNotContain("secret-words", this.Ask("pdftotext", pdf, "-"), StringComparison.Ordinal);
        Assert.DoesNotContain("EmbeddedFile", Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chromium_prints_where_weasyprint_is_not()
    {
        var pdf = await PdfPrinters.Find(World, new PdfLimits(), "chromium").PrintAsync(CardHtml.RenderForPrint(Cards.Card(Cards.Release)), Created, default);
        Assert.Matches(@"CreationDate: +Fri Nov 20 10:30:00 2026", this.Ask("pdfinfo", pdf));
        Assert.Matches(@"(?m)^1 ?/ ?\d+$", this.Ask("pdftotext", pdf, "-"));
    }

    [Fact]
    public void Without_a_printer_one_line_says_how_to_get_one()
    {
        var nowhere = new PrinterWorld(this.folder.FullName, null);
        Assert.Contains("apt-get install weasyprint", Assert.Throws<ReportException>(() => PdfPrinters.Find(nowhere, new PdfLimits())).Message, StringComparison.Ordinal);
        Assert.Contains("chromium is not installed", Assert.Throws<ReportException>(() => PdfPrinters.Find(nowhere, new PdfLimits(), "chromium")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_printer_that_does_not_end_is_ended()
    {
        var printer = PdfPrinters.Find(new PrinterWorld(this.Fake("chromium", "sleep 60") + ":/usr/bin:/bin", null), new PdfLimits { Time = TimeSpan.FromMilliseconds(300) }, "chromium");
        var clock = Stopwatch.StartNew();
        Assert.Contains("took longer than 0.3 seconds", (await Assert.ThrowsAsync<ReportException>(() => printer.PrintAsync("<p>x</p>", Created, default))).Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task A_card_that_needs_too_much_memory_is_told_as_that()
    {
        var printer = PdfPrinters.Find(World, new PdfLimits { Memory = 64 << 20 }, "weasyprint");
        var message = (await Assert.ThrowsAsync<ReportException>(() => printer.PrintAsync(CardHtml.RenderForPrint(Cards.Card()), Created, default))).Message;
        Assert.StartsWith("weasyprint", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_of_the_environment_reaches_the_printer()
    {
        var seen = Path.Combine(this.folder.FullName, "seen");
        var world = new PrinterWorld(this.Fake("chromium", $"env > {seen}; exit 1") + ":/usr/bin:/bin", null);
        await Assert.ThrowsAsync<ReportException>(() => PdfPrinters.Find(world, new PdfLimits(), "chromium").PrintAsync("<p>x</p>", Created, default));
        var names = File.ReadAllLines(seen).Select(line => line.Split('=')[0]).Where(name => name is not ("PWD" or "SHLVL" or "_"));
        Assert.Equal(["HOME", "LANG", "PATH", "PYTHONHASHSEED", "SOURCE_DATE_EPOCH", "TMPDIR", "TZ"], names.Order(StringComparer.Ordinal));
    }

    private string Fake(string name, string script)
    {
        var file = Path.Combine(this.folder.FullName, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this.folder.FullName;
    }

    private string Ask(string program, byte[] pdf, params string[] arguments)
    {
        var file = Path.Combine(this.folder.FullName, "card.pdf");
        File.WriteAllBytes(file, pdf);
        var start = new ProcessStartInfo(program, [.. arguments.Where(a => a != "-"), file, .. arguments.Where(a => a == "-")]) { UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        start.Environment["TZ"] = "UTC";
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}
