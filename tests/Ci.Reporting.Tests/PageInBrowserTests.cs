using System.Globalization;
using Ci.Testing;

namespace Ci.Reporting.Tests;

/// <summary>The page as a reader has it: opened in Chromium, every request recorded.</summary>
public sealed class PageInBrowserTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-page-");
    private Browser browser = null!;

    public async Task InitializeAsync() => this.browser = await Browser.StartAsync();

    public async Task DisposeAsync()
    {
        await this.browser.DisposeAsync();
        this.folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1440, false, false)]
    [InlineData(1440, true, false)]
    [InlineData(360, false, false)]
    [InlineData(800, false, true)]
    public async Task A_page_asks_for_nothing_and_never_scrolls_sideways(int width, bool dark, bool print)
    {
        foreach (var html in (string[])[HtmlReport.Render(Samples.EnergyLoad), CardHtml.Render(Cards.Card()), HtmlReport.Render(Hostile.Report)])
        {
            var file = this.Write(html);
            var page = await this.browser.OpenAsync(file, width, 900, dark, print);
            Assert.Equal([new Uri(file).AbsoluteUri], page.Requests);
            Assert.Empty(page.Complaints);
            // On paper, what a table cannot hold runs off its edge; only texts that are meant to do harm are that long.
            if (!print || !html.Contains("WWWWWWWW", StringComparison.Ordinal))
                Assert.Equal("", (string?)await page.EvaluateAsync(TooWide));
            Assert.Equal(dark && !print ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)", (string?)await page.EvaluateAsync("getComputedStyle(document.body).backgroundColor"));
        }
    }

    [Fact]
    public async Task A_table_is_sorted_by_keyboard_and_says_so()
    {
        var page = await this.browser.OpenAsync(this.Write(HtmlReport.Render(Samples.EnergyLoad)));
        const string rows = "[...document.querySelectorAll('#slices tbody tr')].map(row => row.cells[1].textContent).join(' ')";
        await page.EvaluateAsync("document.querySelectorAll('#slices th button')[1].focus()");
        await page.PressAsync("Enter");
        Assert.Equal("ascending", (string?)await page.EvaluateAsync("document.querySelectorAll('#slices th')[1].getAttribute('aria-sort')"));
        Assert.StartsWith("144 696 720", (string?)await page.EvaluateAsync(rows), StringComparison.Ordinal);
        await page.PressAsync("Enter");
        Assert.Equal("descending", (string?)await page.EvaluateAsync("document.querySelectorAll('#slices th')[1].getAttribute('aria-sort')"));
        Assert.StartsWith("3,528 1,416", (string?)await page.EvaluateAsync(rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_stays_last_whichever_way_a_column_is_sorted()
    {
        var page = await this.browser.OpenAsync(this.Write(HtmlReport.Render(Samples.EnergyLoad)));
        const string last = "[...document.querySelectorAll('#gates tbody tr')].at(-1).cells[3].textContent";
        for (var turn = 0; turn < 2; turn++)
        {
            await page.EvaluateAsync("document.querySelectorAll('#gates th button')[3].click()");
            Assert.Equal("—", (string?)await page.EvaluateAsync(last));
        }
    }

    [Fact]
    public async Task Marks_of_a_figure_tell_their_numbers_to_pointer_and_keyboard()
    {
        var page = await this.browser.OpenAsync(this.Write(HtmlReport.Render(Samples.EnergyLoad)));
        await page.EvaluateAsync("document.documentElement.style.scrollBehavior = 'auto'; document.querySelector('#figure-metrics svg.wide circle title').parentNode.scrollIntoView({ block: 'center' })");
        await page.EvaluateAsync("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
        var at = await page.EvaluateAsync("(b => ({ x: b.x + b.width / 2, y: b.y + b.height / 2 }))(document.querySelector('#figure-metrics svg.wide circle title').parentNode.getBoundingClientRect())");
        await page.PointAtAsync((double)at!["x"]!, (double)at["y"]!);
        Assert.Equal("candidate: RMSE 2,206 MW (1,677 to 2,733)", (string?)await page.EvaluateAsync("document.querySelector('.tip').textContent"));
        Assert.False((bool)(await page.EvaluateAsync("document.querySelector('.tip').hidden"))!);
        await page.EvaluateAsync("document.querySelector('#figure-metrics svg.wide').focus()");
        await page.PressAsync("ArrowRight");
        Assert.Equal("live v1: RMSE 2,861 MW (2,623 to 3,079)", (string?)await page.EvaluateAsync("document.querySelector('.tip').textContent"));
        await page.PressAsync("Escape");
        Assert.True((bool)(await page.EvaluateAsync("document.querySelector('.tip').hidden"))!);
    }

    [Fact]
    public async Task Two_thousand_rows_and_three_hundred_figures_stay_usable()
    {
        var report = Large.Report;
        var figures = Figures.Drawings(report).ToList();
        var many = Enumerable.Range(0, 300).Select(index => figures[^1] with { Name = $"figure{index}" });
        var html = HtmlReport.Render(report, [.. figures, .. many]);
        Assert.InRange(html.Length, 1 << 20, 24 << 20);
        var page = await this.browser.OpenAsync(this.Write(html));
        Assert.Empty(page.Complaints);
        var sort = await NumberAsync(page, "(() => { const start = performance.now(); document.querySelectorAll('#slices th button')[1].click(); document.body.offsetHeight; return performance.now() - start; })()");
        Assert.InRange(sort, 0, 3_000);
        Assert.InRange(await NumberAsync(page, "document.querySelector('#slices .tall').offsetHeight"), 100, 700);
        await page.EvaluateAsync("(input => { input.value = 'slice 1999'; input.dispatchEvent(new Event('input')); })(document.querySelector('#slices input'))");
        Assert.Equal("1 of 2000", (string?)await page.EvaluateAsync("document.querySelector('#slices [role=status]').textContent"));
    }

    [Fact]
    public async Task Text_from_right_to_left_does_not_turn_what_stands_beside_it()
    {
        var report = Samples.EnergyLoad with { Model = Samples.EnergyLoad.Model with { Producer = "نموذج 12" } };
        var html = HtmlReport.Render(report);
        Assert.Contains("<bdi>نموذج 12</bdi>", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        var page = await this.browser.OpenAsync(this.Write(html));
        Assert.Equal("rtl", (string?)await page.EvaluateAsync("(b => b.matches(':dir(rtl)') ? 'rtl' : 'ltr')(document.querySelector('#model bdi'))"));
        Assert.Equal("ltr", (string?)await page.EvaluateAsync("getComputedStyle(document.querySelector('#model td')).direction"));
    }

    // What stands out of the page, the outermost first; empty where nothing does.
    private const string TooWide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth ? '' : [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll *') && e.getBoundingClientRect().right > document.documentElement.clientWidth).map(e => e.outerHTML.slice(0, 120)).slice(0, 5).join(' | ')";

    private static async Task<double> NumberAsync(BrowserPage page, string expression) =>
        Convert.ToDouble((await page.EvaluateAsync(expression))!.ToJsonString(), CultureInfo.InvariantCulture);

    private string Write(string html)
    {
        var file = Path.Combine(this.folder.FullName, $"{Guid.NewGuid():N}.html");
        File.WriteAllText(file, html);
        return file;
    }
}
