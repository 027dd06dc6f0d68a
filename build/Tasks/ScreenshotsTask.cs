using System.CommandLine;
using Ci.Build.Tools;
using Ci.Testing;

namespace Ci.Build.Tasks;

/// <summary>Makes the pictures of docs/images again: the page in light, dark and at phone width, and the first page of a card, from the energy-load report of the tests.</summary>
internal sealed class ScreenshotsTask : IBuildTask
{
    public string Name => "screenshots";

    public string Summary => "Publish, and make the pictures of the page and the card in docs/images.";

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await PublishTask.EnsureAsync(context, cancellation);
        var samples = context.At("tests", "Ci.Reporting.Tests", "Samples");
        var folder = Directory.CreateTempSubdirectory("mlops-screenshots-");
        try
        {
            var report = Path.Combine(samples, "energy-load.report.json");
            (await Shell.RunAsync(context.Mlops, ["report", "render", report, "--out", "report"], folder.FullName, cancellation: cancellation)).OrThrow();
            (await Shell.RunAsync(context.Mlops, ["card", "create", report, "--details", Path.Combine(samples, "card.yaml"), "--out", "card.pdf"], folder.FullName, cancellation: cancellation)).OrThrow();
            await using (var browser = await Browser.StartAsync())
            {
                var page = Path.Combine(folder.FullName, "report", "report.html");
                await SaveAsync(context, browser, page, "page-light", 1320, 1000, dark: false);
                await SaveAsync(context, browser, page, "page-dark", 1320, 1000, dark: true);
                await SaveAsync(context, browser, page, "page-phone", 360, 800, dark: false);
            }

            var card = context.At("docs", "images", "card-first-page");
            (await Shell.RunAsync("pdftoppm", ["-png", "-r", "80", "-singlefile", "-f", "1", "card.pdf", card], folder.FullName, cancellation: cancellation)).OrThrow();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static async Task SaveAsync(BuildContext context, Browser browser, string page, string name, int width, int height, bool dark)
    {
        var open = await browser.OpenAsync(page, width, height, dark);
        await File.WriteAllBytesAsync(context.At("docs", "images", $"{name}.png"), await open.PictureAsync());
        BuildContext.Say($"screenshots: docs/images/{name}.png");
    }
}
