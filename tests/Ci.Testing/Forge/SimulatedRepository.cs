using System.Collections.Concurrent;

namespace Ci.Testing.Forge;

/// <summary>A repository on the simulated forge: a real bare Git repository, and what people hang on it.</summary>
public sealed class SimulatedRepository
{
    // Refuses pushes to protected branches as GitHub words it. Which branches, the HTTP server says by environment; on creation
    // (old id all zeros) a branch cannot be protected yet.
    private const string Hook = """
        #!/bin/sh
        while read -r old new ref; do
          case " $FORGE_REFUSED_REFS " in
            *" $ref "*) case "$old" in *[1-9a-f]*)
              echo "error: GH006: Protected branch update failed for $ref." >&2
              echo "error: Changes must be made through a pull request." >&2
              exit 1;; esac;;
          esac
        done
        """;

    internal SimulatedRepository(string slug, string path, bool isPrivate)
    {
        (this.Slug, this.Path, this.IsPrivate) = (slug, path, isPrivate);
        Directory.CreateDirectory(path);
        GitProcess.Run(path, "init", "--quiet", "--bare", "--initial-branch=main", ".");
        foreach (var (key, value) in new[]
        {
            ("http.receivepack", "true"), ("uploadpack.allowAnySHA1InWant", "true"), ("uploadpack.allowFilter", "true"),
            ("receive.hideRefs", "refs/pull"), ("receive.advertiseAtomic", "true"), ("gc.auto", "0"), ("receive.autogc", "false"),
        })
            GitProcess.Run(path, "config", key, value);
        var hook = System.IO.Path.Combine(path, "hooks", "pre-receive");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, Hook + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
    }

    /// <summary>"owner/name".</summary>
    public string Slug { get; }

    public string Owner => this.Slug.Split('/')[0];

    /// <summary>The bare repository's folder.</summary>
    public string Path { get; }

    public bool IsPrivate { get; }

    public ConcurrentDictionary<string, Protection> Protections { get; } = new(StringComparer.Ordinal);

    internal List<SimulatedPull> PullList { get; } = [];

    internal List<SimulatedComment> CommentList { get; } = [];

    internal List<SimulatedCheck> CheckList { get; } = [];

    internal List<(string Type, string Payload)> DispatchList { get; } = [];

    internal List<(long Run, bool FailedOnly)> RerunList { get; } = [];

    internal HashSet<long> Runs { get; } = [];

    internal int LastNumber { get; set; }

    /// <summary>Protects a branch: no direct pushes, and these checks must have passed on a pull request's head.</summary>
    public void Protect(string branch, params string[] requiredChecks) => this.Protections[branch] = new Protection(requiredChecks);

    /// <summary>The full commit id of a revision; null where there is none.</summary>
    public string? Resolve(string revision)
    {
        var outcome = GitProcess.Try(this.Path, null, null, "rev-parse", "--quiet", "--verify", "--end-of-options", revision + "^{commit}");
        return outcome.ExitCode == 0 ? outcome.Text : null;
    }

    /// <summary>The commit of a branch; null where there is none.</summary>
    public string? Branch(string name) => this.Resolve($"refs/heads/{name}");

    /// <summary>Commits files to a branch directly on the forge (a new branch starts at main's commit); returns the commit.</summary>
    public string CommitFiles(string branch, string message, params (string Path, string Text)[] files)
    {
        var parent = this.Branch(branch) ?? this.Branch("main");
        var index = new Dictionary<string, string>
        {
            ["GIT_INDEX_FILE"] = System.IO.Path.Combine(this.Path, "index-" + Guid.NewGuid().ToString("N")),
            ["GIT_AUTHOR_NAME"] = "Ada", ["GIT_AUTHOR_EMAIL"] = "ada@example.org", ["GIT_COMMITTER_NAME"] = "Ada", ["GIT_COMMITTER_EMAIL"] = "ada@example.org",
        };
        string Do(byte[]? input, params string[] arguments)
        {
            var outcome = GitProcess.Try(this.Path, input, index, arguments);
            return outcome.ExitCode == 0 ? outcome.Text : throw new InvalidOperationException(outcome.Error);
        }

        if (parent is not null)
            Do(null, "read-tree", parent);
        foreach (var (path, text) in files)
            Do(null, "update-index", "--add", "--cacheinfo", "100644", GitProcess.Run(this.Path, System.Text.Encoding.UTF8.GetBytes(text), ["hash-object", "-w", "--stdin"]), path);
        string[] parents = parent is null ? [] : ["-p", parent];
        var commit = Do(null, ["commit-tree", Do(null, "write-tree"), "-m", message, .. parents]);
        File.Delete(index["GIT_INDEX_FILE"]);
        this.Git("update-ref", $"refs/heads/{branch}", commit);
        return commit;
    }

    internal string Git(params string[] arguments) => GitProcess.Run(this.Path, arguments);

    internal bool IsAncestor(string ancestor, string descendant) =>
        GitProcess.Try(this.Path, null, null, "merge-base", "--is-ancestor", ancestor, descendant).ExitCode == 0;

    internal SimulatedPull? Pull(int number) => this.PullList.Find(p => p.Number == number);
}
