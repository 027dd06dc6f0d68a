using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>Characters of a page that no font here can draw: they would print as boxes, and nobody would be told.</summary>
public static class MissingGlyphs
{
    private const int MostAsked = 300;

    /// <summary>
    /// What is missing, one sentence a script, with the package that has it; empty where nothing is, or where fontconfig's
    /// <c>fc-list</c> is not there to ask.
    /// </summary>
    public static async Task<IReadOnlyList<string>> FindAsync(string html, PrinterWorld world, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (world.Find("fc-list") is not { } program)
            return [];
        var runes = System.Net.WebUtility.HtmlDecode(html).EnumerateRunes().Where(rune => rune.Value > 0x7F && !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format).Distinct();
        var missing = new List<(Rune Rune, string Script, string Package)>();
        foreach (var script in runes.GroupBy(ScriptOf))
        {
            // One question a script, mostly; only where no font has all of it is each character asked for.
            var all = script.Take(MostAsked).ToList();
            if (await HasAsync(program, all, world, cancellation))
                continue;
            foreach (var rune in all.Take(40))
            {
                if (!await HasAsync(program, [rune], world, cancellation))
                    missing.Add((rune, script.Key.Script, script.Key.Package));
            }
        }

        return [.. missing.GroupBy(item => (item.Script, item.Package)).Select(group =>
            $"no font here has {string.Join(" ", group.Take(5).Select(item => $"“{item.Rune}”"))} ({group.Key.Script}), which will print as empty boxes: apt-get install {group.Key.Package}")];
    }

    private static async Task<bool> HasAsync(string program, IReadOnlyList<Rune> runes, PrinterWorld world, CancellationToken cancellation)
    {
        var charset = string.Join(' ', runes.Select(rune => rune.Value.ToString("x", CultureInfo.InvariantCulture)));
        var limits = new PdfLimits { Time = TimeSpan.FromSeconds(20), Output = 1 << 20 };
        var run = await new PrintProcess("fc-list", program, [$":charset={charset}", "family"], world.Variables(DateTimeOffset.UnixEpoch), limits).RunAsync(default, cancellation);
        return run.ExitCode != 0 || run.Output.Length > 0;
    }

    private static (string Script, string Package) ScriptOf(Rune rune) => rune.Value switch
    {
        < 0x0370 => ("Latin", "fonts-dejavu-core"),
        < 0x0400 => ("Greek", "fonts-dejavu-core"),
        < 0x0530 => ("Cyrillic", "fonts-dejavu-core"),
        >= 0x0590 and < 0x0600 => ("Hebrew", "fonts-noto-core"),
        >= 0x0600 and < 0x0780 => ("Arabic", "fonts-noto-core"),
        >= 0x0900 and < 0x0E00 => ("a script of India", "fonts-noto-core"),
        >= 0x1100 and < 0x1200 or >= 0x2E80 and < 0xA4D0 or >= 0xAC00 and < 0xD7B0 or >= 0xF900 and < 0xFB00 or >= 0xFF00 and < 0xFFF0 or >= 0x20000 and < 0x33480 => ("Chinese, Japanese or Korean", "fonts-noto-cjk"),
        >= 0x2000 and < 0x2C00 => ("signs", "fonts-dejavu-core"),
        >= 0x1F000 and < 0x20000 => ("pictographs", "fonts-noto-color-emoji"),
        _ => ("another script", "fonts-noto-core"),
    };
}
