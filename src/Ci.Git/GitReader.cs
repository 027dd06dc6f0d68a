using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Ci.Git;

/// <summary>
/// Reads many objects of one repository through one git process (<c>cat-file --batch</c>): starting git costs several milliseconds,
/// asking a running one costs microseconds. Objects are asked for by id and paths are walked tree by tree, so a name that holds any
/// character is read as what it is. Not for several threads at once.
/// </summary>
public sealed class GitReader : IDisposable
{
    private const int MaxObject = 256 << 20;
    private const int MaxHeader = 4096;

    private readonly string folder;
    private readonly bool bare;
    private readonly GitOptions options;
    private readonly Process process;
    private readonly Stream output;
    private readonly Task<string> error;
    private readonly Dictionary<string, IReadOnlyList<GitTreeEntry>> trees = new(StringComparer.Ordinal);

    private GitReader(string folder, bool bare, GitOptions options, Process process)
    {
        (this.folder, this.bare, this.options, this.process) = (folder, bare, options, process);
        this.output = new BufferedStream(process.StandardOutput.BaseStream, 1 << 16);
        this.error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts git; whether there is a repository shows with the first question.</summary>
    /// <param name="folder">A folder in a work tree, which paths are then relative to; or a bare repository.</param>
    /// <param name="bare">It is a bare repository.</param>
    /// <param name="options">How git is called.</param>
    public static GitReader Start(string folder, bool bare = false, GitOptions? options = null)
    {
        var path = System.IO.Path.GetFullPath(folder);
        string[] arguments = [.. bare ? ["--git-dir=."] : Array.Empty<string>(), "cat-file", "--batch"];
        var settings = options ?? new GitOptions();
        return new GitReader(path, bare, settings, new GitProcess(path, settings).Open(arguments));
    }

    /// <summary>The commit that a revision names; null when there is none.</summary>
    /// <exception cref="NotARepositoryException">The folder lies in no repository.</exception>
    public string? Resolve(string revision)
    {
        if (this.Ask($"{GitNames.Revision(revision)}^{{commit}}") is not { } header)
            return null;
        this.Skip(header);
        return header.Id;
    }

    /// <summary>The entries of the folder (of <see cref="Start"/>) at a commit; none when the commit has no such folder.</summary>
    public IReadOnlyList<GitTreeEntry> Root(string commit)
    {
        var spec = this.bare ? $"{GitNames.Revision(commit)}^{{tree}}" : $"{GitNames.Revision(commit)}:./";
        if (this.Ask(spec) is not { } header)
            return [];
        if (header.Type == "tree")
            return Entries(this.Body(header), header.Id.Length / 2);
        this.Skip(header);
        return [];
    }

    /// <summary>The entries of a tree, one level.</summary>
    /// <param name="tree">Its id.</param>
    public IReadOnlyList<GitTreeEntry> Entries(string tree)
    {
        if (this.trees.TryGetValue(tree, out var known))
            return known;
        var header = this.Ask(Id(tree)) ?? throw this.Missing(tree);
        return this.trees[tree] = header.Type == "tree" ? Entries(this.Body(header), header.Id.Length / 2) : throw this.Missing(tree);
    }

    /// <summary>What lies at a path below the folder; null when nothing does.</summary>
    public GitTreeEntry? Find(string commit, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        GitTreeEntry? at = null;
        foreach (var part in path.Split('/'))
        {
            if (at is { Type: not "tree" })
                return null;
            var entries = at is null ? this.Root(commit) : this.Entries(at.Id);
            at = entries.FirstOrDefault(e => e.Path == part);
            if (at is null)
                return null;
        }

        return at! with { Path = path };
    }

    /// <summary>A blob's bytes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="limit">What is larger is refused.</param>
    /// <exception cref="GitException">There is none, or it is larger.</exception>
    public byte[] Blob(string id, int limit = MaxObject)
    {
        var header = this.Ask(Id(id)) ?? throw this.Missing(id);
        if (header.Size > limit)
        {
            this.Skip(header);
            throw new GitException($"the object {id} holds {header.Size} bytes; expected at most {limit}");
        }

        return this.Body(header);
    }

    /// <summary>Copies a blob's bytes, however many.</summary>
    /// <returns>The number of bytes.</returns>
    public long CopyBlob(string id, Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var header = this.Ask(Id(id)) ?? throw this.Missing(id);
        this.Copy(header.Size, target);
        return header.Size;
    }

    /// <summary>The sizes of all blobs of a commit by their ids: one more call of git, for listings that show sizes.</summary>
    public async Task<IReadOnlyDictionary<string, long>> SizesAsync(string commit, CancellationToken ct = default)
    {
        string[] arguments = [.. this.bare ? ["--git-dir=."] : Array.Empty<string>(), "ls-tree", "-r", "-l", "-z", "--full-tree", GitNames.Revision(commit)];
        var result = await new GitProcess(this.folder, this.options).RunAsync(arguments, ct);
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var field in result.Fields)
        {
            var facts = field[..field.IndexOf('\t', StringComparison.Ordinal)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (facts.Length == 4 && long.TryParse(facts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                sizes[facts[2]] = size;
        }

        return sizes;
    }

    public void Dispose()
    {
        try
        {
            this.process.StandardInput.Close();
            if (!this.process.WaitForExit(100))
                this.process.Kill(entireProcessTree: true);
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            // It has ended already.
        }

        this.process.Dispose();
    }

    /// <summary>Raw entries of a tree object: mode, blank, name, NUL, id.</summary>
    internal static IReadOnlyList<GitTreeEntry> Entries(byte[] tree, int idLength)
    {
        var entries = new List<GitTreeEntry>();
        for (var at = 0; at < tree.Length;)
        {
            var blank = Array.IndexOf(tree, (byte)' ', at);
            var end = blank < 0 ? -1 : Array.IndexOf(tree, (byte)0, blank);
            if (end < 0 || end + idLength >= tree.Length)
                throw new GitException("a tree object is damaged; run `git fsck` in that repository");
            var mode = Encoding.ASCII.GetString(tree, at, blank - at).PadLeft(6, '0');
            var type = mode switch { "040000" => "tree", "160000" => "commit", _ => "blob" };
            entries.Add(new GitTreeEntry(mode, type, Convert.ToHexStringLower(tree, end + 1, idLength), Encoding.UTF8.GetString(tree, blank + 1, end - blank - 1)));
            at = end + 1 + idLength;
        }

        return entries;
    }

    private static string Id(string id) =>
        id.Length is 40 or 64 && id.All(char.IsAsciiHexDigitLower) ? id : throw new ArgumentException($"`{id}` is not an object's id", nameof(id));

    // Null: there is no such object.
    private Header? Ask(string spec)
    {
        string line;
        try
        {
            this.process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes($"{spec}\n"));
            this.process.StandardInput.BaseStream.Flush();
            line = this.Line();
        }
        catch (IOException)
        {
            throw this.Ended();
        }

        var parts = line.Split(' ');
        if (parts.Length == 3 && parts[0].Length is 40 or 64 && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return new Header(parts[0], parts[1], size);
        return null;
    }

    private string Line()
    {
        var text = new MemoryStream();
        int read;
        while ((read = this.output.ReadByte()) != '\n')
        {
            if (read < 0 || text.Length > MaxHeader)
                throw this.Ended();
            text.WriteByte((byte)read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private byte[] Body(Header header)
    {
        if (header.Size > MaxObject)
        {
            this.Skip(header);
            throw new GitException($"the object {header.Id} holds {header.Size} bytes; that is more than mlops reads at once");
        }

        var bytes = new byte[header.Size];
        this.output.ReadExactly(bytes);
        this.output.ReadByte();
        return bytes;
    }

    private void Skip(Header header) => this.Copy(header.Size, Stream.Null);

    private void Copy(long size, Stream target)
    {
        var buffer = new byte[1 << 16];
        while (size > 0)
        {
            var read = this.output.Read(buffer, 0, (int)Math.Min(size, buffer.Length));
            if (read == 0)
                throw this.Ended();
            target.Write(buffer, 0, read);
            size -= read;
        }

        this.output.ReadByte();
    }

    private GitException Ended()
    {
        this.process.WaitForExit(5000);
        var words = this.error.Wait(5000) ? this.error.Result.Trim() : "";
        return words.Contains("not a git repository", StringComparison.Ordinal)
            ? new NotARepositoryException($"{this.folder} is in no Git repository; run `git init` there, or go into one")
            : GitErrors.Of(["cat-file"], new GitResult(this.process.HasExited ? this.process.ExitCode : -1, [], words.Length > 0 ? words : "it ended without a word"));
    }

    private GitException Missing(string id) => new($"{this.folder}: Git has no object {id}; run `git fsck` there, or clone again");

    private sealed record Header(string Id, string Type, long Size);
}
