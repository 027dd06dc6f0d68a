namespace Ci.Testing;

/// <summary>Where the tests find ONNX Runtime: the variable MLOPS_ONNXRUNTIME, else what the build program put under artifacts/.</summary>
public static class OnnxRuntimeLibrary
{
    private const string Variable = "MLOPS_ONNXRUNTIME";

    /// <summary>The library's full path.</summary>
    public static string Path { get; } = Find();

    /// <summary>An environment that names it, for whatever takes one.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { [Variable] = Path };

    private static string Find()
    {
        if (System.Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return System.IO.Path.GetFullPath(named);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "Ci.sln")))
                continue;
            var file = System.IO.Path.Combine(folder.FullName, "artifacts", "onnxruntime", "libonnxruntime.so.1");
            return File.Exists(file)
                ? file
                : throw new FileNotFoundException($"{file} is missing: run `dotnet run --project build -- test`, which fetches it, or set {Variable}");
        }

        throw new DirectoryNotFoundException($"no folder with Ci.sln above {AppContext.BaseDirectory}; set {Variable}");
    }
}
