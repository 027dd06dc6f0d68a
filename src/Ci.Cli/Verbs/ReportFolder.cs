using System.Text;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>Writes a report's folder whole or not at all: beside its place first, then put there.</summary>
internal static class ReportFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Returns the files written, relative to the folder.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(Report report, string folder, bool png, CancellationToken cancellation)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, "report.json")))
            throw new CliException($"{folder} holds other things than a report: name an empty or new folder with --out");
        var fresh = folder.TrimEnd(Path.DirectorySeparatorChar) + ".new";
        Remove(fresh);
        try
        {
            Directory.CreateDirectory(Path.Combine(fresh, "figures"));
            var files = await FillAsync(report, fresh, png, cancellation);
            Put(fresh, folder.TrimEnd(Path.DirectorySeparatorChar));
            return files;
        }
        finally
        {
            Remove(fresh);
        }
    }

    private static async Task<IReadOnlyList<string>> FillAsync(Report report, string folder, bool png, CancellationToken cancellation)
    {
        List<string> files = ["report.json", "report.md", "report.html"];
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        var figures = Figures.All(report);
        foreach (var figure in figures)
        {
            var name = $"figures/{figure.Name}.svg";
            await File.WriteAllTextAsync(Path.Combine(folder, name), figure.Svg, Utf8, cancellation);
            files.Add(name);
            urls[figure.Name] = png ? $"figures/{figure.Name}.png" : name;
        }

        if (png)
        {
            await FigureRaster.DrawAsync(Path.Combine(folder, "figures"), [.. figures.Select(figure => figure.Name)], cancellation);
            files.AddRange(urls.Values);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, "report.json"), report.ToBytes(), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), MarkdownReport.Render(report, urls), Utf8, cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), HtmlReport.Render(report), Utf8, cancellation);
        return files;
    }

    private static void Put(string fresh, string folder)
    {
        var old = folder + ".old";
        Remove(old);
        if (Directory.Exists(folder))
            Directory.Move(folder, old);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        Directory.Move(fresh, folder);
        Remove(old);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
