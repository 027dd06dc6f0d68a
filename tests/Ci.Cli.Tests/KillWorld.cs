using System.Globalization;
using System.Text.RegularExpressions;
using Ci.Testing.FileSystem;

namespace Ci.Cli.Tests;

/// <summary>A small project with a folder remote beside it.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed partial class KillWorld(string folder)
{
    private const int Files = 36;

    public string LastError { get; private set; } = "";

    public static async Task<KillWorld> CreateAsync(string folder)
    {
        var world = new KillWorld(folder);
        Directory.CreateDirectory(world.Of("project", ".git"));
        await world.NeedAsync("init");
        world.Write(".dvc/config", "[core]\n    remote = s\n['remote \"s\"']\n    url = ../../remote\n");
        world.Write("one.bin", "the only one");
        // Enough for the way of many files at once.
        for (var i = 0; i < Files; i++)
            world.Write($"data/{(i % 3 == 0 ? "in/" : "")}{i.ToString(CultureInfo.InvariantCulture)}", i.ToString(CultureInfo.InvariantCulture));
        return world;
    }

    public string Of(params string[] parts) => Path.Combine([folder, .. parts]);

    public void Write(string path, string text)
    {
        var file = this.Of("project", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        File.WriteAllText(file, text);
    }

    public async Task NeedAsync(params string[] arguments) => Assert.True(await this.RunAsync(arguments) == 0, $"{string.Join(' ', arguments)}: {this.LastError}");

    public async Task<int> RunAsync(params string[] arguments)
    {
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, new CliContext
        {
            Out = TextWriter.Null,
            Error = error,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" },
            WorkingDirectory = this.Of("project"),
            Time = TimeProvider.System,
        });
        this.LastError = error.ToString();
        return code;
    }

    public KillWorld CopyTo(string place)
    {
        foreach (var source in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(place, Path.GetRelativePath(folder, source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }

        Directory.CreateDirectory(Path.Combine(place, "project", ".git"));
        return new KillWorld(place);
    }

    public void Delete() => Directory.Delete(folder, recursive: true);

    /// <summary>Every object, by path.</summary>
    public List<string> Objects() =>
        [.. new[] { "project/.dvc/cache/files/md5", "remote/files/md5" }.Select(p => this.Of(p)).Where(Directory.Exists)
            .SelectMany(p => Directory.EnumerateFiles(p, "*", SearchOption.AllDirectories)).Where(f => !Path.GetFileName(f).StartsWith('.')).Select(f => Path.GetRelativePath(folder, f))];

    /// <summary>Whatever says something that is not so.</summary>
    /// <param name="isCached">Whether all that is named must be in the cache.</param>
    public IEnumerable<string> Lies(bool isCached)
    {
        foreach (var item in this.Objects())
        {
            var bytes = File.ReadAllBytes(this.Of(item));
            var name = Path.GetFileName(Path.GetDirectoryName(item)) + Path.GetFileName(item);
            if (Md5.Of(bytes) != name[..32])
                yield return $"{item} holds other bytes than it is named for";
            if (name.EndsWith(".dir", StringComparison.Ordinal) && (isCached || item.StartsWith("remote", StringComparison.Ordinal)))
            {
                foreach (var md5 in Digests().Matches(File.ReadAllText(this.Of(item))).Select(m => m.Value))
                {
                    if (!File.Exists(Path.Combine(this.Of(item), "..", "..", md5[..2], md5[2..])))
                        yield return $"{item} names {md5}, which is absent";
                }
            }
        }

        var describing = Directory.EnumerateFiles(this.Of("project"), "*.dvc").Concat(Directory.EnumerateFiles(this.Of("project"), "dvc.lock"));
        foreach (var file in isCached ? describing : [])
        {
            var text = File.ReadAllText(file);
            // Of a lock only what was made lies in the cache.
            foreach (var md5 in OutputDigests(text).Where(md5 => !File.Exists(this.Of("project", ".dvc", "cache", "files", "md5", md5[..2], md5[2..]))))
                yield return $"{Path.GetFileName(file)} names {md5}, which is not in the cache";
        }
    }

    /// <summary>
    /// All that must be the same in the end: path, mode and digest of every file but what only this machine needs, the cache's own scratch
    /// folder, which the next command that writes objects sweeps, and what a push that was killed left unfinished on the remote, which
    /// nobody reads: others may be writing there, too.
    /// </summary>
    public List<string> Contents() =>
        [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(f => !f.Contains("/.dvc/tmp/", StringComparison.Ordinal) && !f.Contains("/.dvc/cache/.mlops/", StringComparison.Ordinal) && !(Path.GetRelativePath(folder, f).StartsWith("remote/", StringComparison.Ordinal) && Path.GetFileName(f).StartsWith(".~mlops-", StringComparison.Ordinal)))
            .Select(f => $"{Path.GetRelativePath(folder, f)} {File.GetUnixFileMode(f)} {Md5.Of(File.ReadAllBytes(f))}").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> OutputDigests(string text)
    {
        var isOutput = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimEnd().EndsWith(':') && !line.TrimStart().StartsWith('-'))
                isOutput = line.Trim() == "outs:";
            if (isOutput && DigestLine().Match(line) is { Success: true } match)
                yield return match.Groups[1].Value;
        }
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Digests();

    [GeneratedRegex(@"md5: ([0-9a-f]{32}(\.dir)?)")]
    private static partial Regex DigestLine();
}
