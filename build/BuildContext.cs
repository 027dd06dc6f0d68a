using System.Runtime.InteropServices;

namespace Ci.Build;

/// <summary>Where things lie in the repository, and where the build puts what it makes.</summary>
internal sealed class BuildContext
{
    private BuildContext(string root) => this.Root = root;

    /// <summary>The folder with Ci.sln.</summary>
    public string Root { get; }

    public string Artifacts => Path.Combine(this.Root, "artifacts");

    /// <summary>The published binaries: mlops, edge-agent, and ONNX Runtime beside them.</summary>
    public string Binaries => Path.Combine(this.Artifacts, "bin");

    public string Mlops => Path.Combine(this.Binaries, "mlops");

    public string EdgeAgent => Path.Combine(this.Binaries, "edge-agent");

    public string NodeModules => Path.Combine(this.Root, "build", "npm", "node_modules");

    /// <summary>Where development builds and tests find ONNX Runtime.</summary>
    public string OnnxRuntimeLibrary => Path.Combine(this.Artifacts, "onnxruntime", "libonnxruntime.so.1");

    /// <summary>The runtime identifier that the binaries are published for.</summary>
    public static string RuntimeIdentifier { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? "linux-x64"
            : throw new BuildException($"the binaries are published for linux-x64; this machine is {RuntimeInformation.RuntimeIdentifier}");

    public static BuildContext Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ci.sln")))
                return new BuildContext(folder.FullName);
        }

        throw new BuildException("Ci.sln is in no folder above the build program: run it as `dotnet run --project build -- TASK` in a clone");
    }

    public string At(params string[] parts) => Path.Combine([this.Root, .. parts]);

    public static void Say(string line) => Console.Out.WriteLine(line);
}
