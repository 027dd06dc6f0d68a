using Ci.Data;
using Ci.Testing;

namespace Ci.Pipelines.Tests;

/// <summary>A copy of a project that the real DVC left behind, in a folder of its own that looks like a Git repository.</summary>
internal sealed class DvcFixture : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DvcFixture(string name)
    {
        this.Original = Path.Combine(Fixtures(), name);
        Copy(this.Original, this.folder.Path);
        Directory.CreateDirectory(this.Of(".git"));
    }

    public string Original { get; }

    public string Root => this.folder.Path;

    public static string Fixtures()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Ci.sln")))
                return Path.Combine(at.FullName, "tests", "Fixtures", "dvc");
        }

        throw new InvalidOperationException("the tests must run below the folder that holds Ci.sln");
    }

    public string Of(params string[] parts) => this.folder.Of(parts);

    public string Write(string path, string text) => this.folder.Write(path, text);

    public void Remove(params string[] paths)
    {
        foreach (var path in paths)
        {
            if (Directory.Exists(this.Of(path)))
                Directory.Delete(this.Of(path), recursive: true);
            else
                File.Delete(this.Of(path));
        }
    }

    public Project Open() => Project.Open(this.Root, TimeProvider.System);

    /// <summary>Every file by its path, with its text; without Git and what only the running program needs.</summary>
    public static SortedDictionary<string, string> Contents(string root)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(root, file);
            if (!path.StartsWith(".dvc/tmp", StringComparison.Ordinal) && !path.StartsWith(".git/", StringComparison.Ordinal))
                all[path] = File.ReadAllText(file);
        }

        return all;
    }

    public void Dispose() => this.folder.Dispose();

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }
    }
}
