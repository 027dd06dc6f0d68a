using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

internal static class LsVerb
{
    public const string Summary = "List what a repository holds: files of Git, and tracked data.";

    public static Command Create(CliContext context) => Make(context, "ls");

    public static Command CreateList(CliContext context) => Make(context, "list");

    private static Command Make(CliContext context, string name)
    {
        var url = new Argument<string>("url") { Description = "The repository: a path, or an address that git takes." };
        var path = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne, Description = "A folder in it." };
        var revision = UpstreamVerbs.Revision();
        var recursive = new Option<bool>("--recursive", "-R") { Description = "List the files of folders, too." };
        var tree = new Option<bool>("--tree", "-T") { Description = "Draw folders as a tree." };
        var level = new Option<int?>("--level", "-L") { Description = "How deep to go." };
        var dvcOnly = new Option<bool>("--dvc-only") { Description = "Only tracked data." };
        var size = new Option<bool>("--size") { Description = "Show sizes." };
        var hash = new Option<bool>("--show-hash") { Description = "Show digests." };
        var remote = UpstreamVerbs.Remote();
        var command = new Command(name, Summary) { url, path, revision, recursive, tree, level, dvcOnly, size, hash, remote };
        UpstreamVerbs.RefuseSettings(command);
        return command.Does(context, async (parsed, ct) =>
        {
            if (parsed.GetValue(tree) && parsed.IsJson())
                throw new CliException("--tree and --json do not go together: choose one");
            var deep = parsed.GetValue(recursive) || parsed.GetValue(tree);
            var depth = deep ? parsed.GetValue(level) : 1;
            if (depth < 0)
                throw new CliException($"--level is {depth}; it must be 0 or more", ExitCode.Usage);
            var folder = parsed.GetValue(path) ?? "";
            var entries = await EntriesAsync(context, parsed, parsed.GetValue(url)!, folder, parsed.GetValue(revision), deep, parsed.GetValue(dvcOnly), parsed.GetValue(size) || parsed.IsJson(), UpstreamVerbs.Options(context, parsed.GetValue(remote)), ct);
            var lines = Listing.Of(entries, depth, keepFolders: parsed.GetValue(tree), Path.GetFileName(folder.TrimEnd('/')));
            if (parsed.IsJson())
                context.WriteJson(new JsonArray([.. lines.Select(Json)]));
            else
                Write(context, lines, parsed.GetValue(tree) ? folder.Length == 0 ? "." : folder : null, parsed.GetValue(size), parsed.GetValue(hash));
            return ExitCode.Ok;
        });
    }

    private static async Task<IReadOnlyList<UpstreamEntry>> EntriesAsync(
        CliContext context, ParseResult parsed, string url, string folder, string? revision, bool deep, bool dataOnly, bool sizes, UpstreamOptions options, CancellationToken ct)
    {
        // A folder here is listed as it is now; a revision of it, and what lies elsewhere, as Git has it.
        if (revision is null && Directory.Exists(context.FullPath(url)) && (Path.Exists(Path.Combine(context.FullPath(url), ".git")) || Directory.Exists(Path.Combine(context.FullPath(url), ".dvc"))))
            return WorkspaceListing.Of(context.FullPath(url), folder, deep, dataOnly, context.Time);
        using var here = ScratchProject.HereOrNew(context);
        using var upstream = await UpstreamRepository.OpenAsync(url, revision, here.Project, options, ct);
        var entries = (await upstream.ListAsync(folder, deep, ct)).Where(e => e.IsOutput || !dataOnly);
        if (!sizes)
            return [.. entries];
        var bytes = await upstream.SizesAsync(ct);
        return [.. entries.Select(e => e.Blob is null ? e : e with { Size = bytes.TryGetValue(e.Blob, out var length) ? length : null })];
    }

    private static JsonObject Json(ListingLine line) => new()
    {
        ["isout"] = line.Entry.IsOutput,
        ["isdir"] = line.Entry.IsFolder,
        ["isexec"] = line.Entry.IsExecutable,
        ["size"] = line.Entry.Size,
        ["md5"] = line.Entry.Md5,
        ["path"] = line.Entry.Path,
    };

    private static void Write(CliContext context, IReadOnlyList<ListingLine> lines, string? root, bool withSize, bool withHash)
    {
        var names = root is null ? lines.Select(l => (l.Entry, Text: l.Entry.Path)).ToList() : [(new UpstreamEntry(root, null, null, false, true, false, null), root), .. Listing.Tree(lines)];
        var rows = names.Select(n =>
        {
            var cells = new List<string>();
            if (withSize)
                cells.Add(n.Entry.Size is { } size ? Size(size) : "");
            if (withHash)
                cells.Add(n.Entry.Md5 ?? "-");
            return (string[])[.. cells, n.Text];
        }).ToList();
        var widths = Enumerable.Range(0, rows.Count == 0 ? 0 : rows[0].Length - 1).Select(i => rows.Max(r => r[i].Length)).ToList();
        foreach (var row in rows)
            context.Line(string.Join("  ", row.Select((cell, i) => i == row.Length - 1 ? cell : i == 0 && withSize ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))));
    }

    // As DVC shows sizes: plain below 1,024, else three digits and a letter.
    private static string Size(long bytes)
    {
        if (bytes < 1024)
            return bytes.ToString(CultureInfo.InvariantCulture);
        double value = bytes;
        foreach (var unit in new[] { "", "k", "M", "G", "T", "P", "E" })
        {
            if (value < 999.5)
                return value.ToString(value < 9.995 ? "0.00" : value < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + unit;
            value /= 1024;
        }

        return value.ToString("0.0", CultureInfo.InvariantCulture) + "Z";
    }
}
