namespace Ci.Reporting;

/// <summary>What of the environment a printer sees: where programs are, and whose fonts. Nothing else is handed on, so no secret is.</summary>
/// <param name="Path">Folders parted as in <c>PATH</c>.</param>
/// <param name="Home">For a person's own fonts; null where there is none.</param>
public sealed record PrinterWorld(string Path, string? Home)
{
    internal string? Find(string program) => this.Path.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(System.IO.Path.IsPathRooted)
        .Select(folder => System.IO.Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    internal Dictionary<string, string> Variables(DateTimeOffset created)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = this.Path,
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
            // Both make the same bytes of the same page.
            ["PYTHONHASHSEED"] = "0",
            ["SOURCE_DATE_EPOCH"] = Math.Max(0, created.ToUnixTimeSeconds()).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (this.Home is not null)
            variables["HOME"] = this.Home;
        return variables;
    }
}
