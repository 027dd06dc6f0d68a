using System.Globalization;
using System.Text;

namespace Ci.Git;

/// <content>Commits and tags.</content>
public sealed partial class GitRepository
{
    // NUL parts the fields: it is the one character that neither a message nor a name can hold.
    private const string CommitFormat = "%H%x00%P%x00%an <%ae>%x00%aI%x00%cI%x00%s%x00%b%x00%(trailers:only,unfold)";
    private const int CommitFields = 8;

    private const string TagFormat =
        "%(refname)%00%(objecttype)%00%(objectname)%00%(*objectname)%00%(taggername) %(taggeremail)%00%(taggerdate:iso-strict)%00%(contents)%00";

    private const int TagFields = 7;

    /// <summary>Commits of a range (<c>a..b</c>) or reached from a revision, newest first.</summary>
    public async Task<IReadOnlyList<GitCommit>> LogAsync(string range, int max = 1000, CancellationToken ct = default)
    {
        var result = await this.git.RunAsync(
            ["log", "-z", $"--max-count={max.ToString(CultureInfo.InvariantCulture)}", "--no-show-signature", $"--format=tformat:{CommitFormat}", GitNames.Revision(range), "--"], ct);
        return [.. result.Fields.Chunk(CommitFields).Select(CommitOf)];
    }

    /// <summary>Every tag, by name in ordinal order.</summary>
    public async Task<IReadOnlyList<GitTag>> TagsAsync(CancellationToken ct = default)
    {
        var result = await this.git.RunAsync(["for-each-ref", $"--format={TagFormat}", "refs/tags"], ct);
        var fields = result.Text.Split('\0');
        return [.. fields.Take(fields.Length - 1).Chunk(TagFields).Select(TagOf).OrderBy(tag => tag.Name, StringComparer.Ordinal)];
    }

    /// <summary>Makes an annotated tag.</summary>
    /// <exception cref="GitRefusedException">The tag exists, or its name is not one that git allows.</exception>
    public async Task CreateTagAsync(string name, string target, string message, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        GitNames.FullRef($"refs/tags/{GitNames.Revision(name)}");
        if ((await this.git.TryAsync(["check-ref-format", $"refs/tags/{name}"], ct)).ExitCode != 0)
            throw new GitRefusedException($"`{name}` is not a name that git allows for a tag");
        await this.git.RunAsync(
            ["tag", "--annotate", "--no-sign", "--cleanup=verbatim", "--file=-", "--", name, GitNames.Revision(target)], ct, Encoding.UTF8.GetBytes(message));
    }

    /// <summary>Removes a local tag; removing what is not there succeeds.</summary>
    public async Task DeleteTagAsync(string name, CancellationToken ct = default) =>
        await this.git.RunAsync(["update-ref", "-d", GitNames.FullRef($"refs/tags/{name}")], ct);

    private static GitCommit CommitOf(string[] f)
    {
        var trailers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in f[7].Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                trailers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        return new GitCommit(
            f[0], f[1].Split(' ', StringSplitOptions.RemoveEmptyEntries), f[2], DateOf(f[3]), DateOf(f[4]), f[5], f[6].TrimEnd('\n'), trailers);
    }

    private static GitTag TagOf(string[] f)
    {
        var name = f[0].TrimStart('\n')["refs/tags/".Length..];
        return f[1] == "tag"
            ? new GitTag(name, f[3], f[2], f[4], DateTimeOffset.TryParse(f[5], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null, f[6].TrimEnd('\n'))
            : new GitTag(name, f[2], null, null, null, "");
    }

    private static DateTimeOffset DateOf(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : DateTimeOffset.UnixEpoch;
}
