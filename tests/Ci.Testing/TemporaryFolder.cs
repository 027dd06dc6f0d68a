namespace Ci.Testing;

/// <summary>A folder of a test's own, removed with all it holds (read-only files too) at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => this.Path = Directory.CreateTempSubdirectory("ci-test-").FullName;

    public string Path { get; }

    public string Of(params string[] parts) => System.IO.Path.Combine([this.Path, .. parts]);

    /// <summary>Writes a file (and the folders above it) and returns its path.</summary>
    public string Write(string relative, string text)
    {
        var path = this.Of(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(this.Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is just ending may still hold a file; the system's own cleaning takes it later.
        }
    }
}
