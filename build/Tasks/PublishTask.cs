using System.CommandLine;
using Ci.Build.Tools;

namespace Ci.Build.Tasks;

/// <summary>
/// Leaves artifacts/bin/mlops and artifacts/bin/edge-agent: one file each, self-contained, trimmed, ReadyToRun. And artifacts/edge-agent-arm64: the
/// agent for .NET's runtime of any processor, with ONNX Runtime for 64-bit ARM, a launcher and the unit beside it.
/// </summary>
internal sealed class PublishTask : IBuildTask
{
    private static readonly string[] Projects = ["src/Ci.Cli/Ci.Cli.csproj", "edge-agent/Ci.EdgeAgent/Ci.EdgeAgent.csproj"];

    public string Name => "publish";

    public string Summary => "Publish the binaries mlops and edge-agent to artifacts/bin, and edge-agent for arm64 to artifacts/edge-agent-arm64.";

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await EnsureAsync(context, cancellation);
        foreach (var binary in new[] { context.Mlops, context.EdgeAgent })
            BuildContext.Say($"publish: {Path.GetRelativePath(context.Root, binary)}, {new FileInfo(binary).Length / 1048576.0:F1} MiB");
        var portable = await PortableAgentAsync(context, cancellation);
        BuildContext.Say($"publish: {Path.GetRelativePath(context.Root, portable)}, {new DirectoryInfo(portable).EnumerateFiles().Sum(f => f.Length) / 1048576.0:F1} MiB");
        return 0;
    }

    /// <summary>The agent without a runtime of its own, in its folder: what a board with .NET for 64-bit ARM runs.</summary>
    private static async Task<string> PortableAgentAsync(BuildContext context, CancellationToken cancellation)
    {
        var folder = Path.Combine(context.Artifacts, "edge-agent-arm64");
        string[] command =
        [
            "publish", context.At(Projects[1]), "-c", "Release", "--self-contained", "false", "-o", folder, "-p:UseAppHost=false", "-p:IsTransformWebConfigDisabled=true", "-p:PublishTrimmed=false", "-p:PublishReadyToRun=false",
            "-p:DebugType=embedded", "-p:PublishDocumentationFiles=false", "-p:PublishReferencesDocumentationFiles=false", "--nologo", "-v", "quiet",
        ];
        (await Shell.RunAsync("dotnet", command, context.Root, cancellation: cancellation)).OrThrow();
        var library = Directory.EnumerateFiles(Path.Combine(context.NodeModules, "onnxruntime-node", "bin"), "libonnxruntime.so.1", SearchOption.AllDirectories)
            .FirstOrDefault(path => path.Contains($"{Path.DirectorySeparatorChar}arm64{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            ?? throw new BuildException("onnxruntime-node holds no libonnxruntime.so.1 for arm64");
        File.Copy(library, Path.Combine(folder, "libonnxruntime.so.1"), overwrite: true);
        await AddLauncherAsync(folder, cancellation);
        foreach (var file in Directory.EnumerateFiles(context.At("templates", "edge-agent")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        return folder;
    }

    // So that the unit, the guide's commands and a link in /usr/local/bin are the same as with the single file.
    private static async Task AddLauncherAsync(string folder, CancellationToken cancellation)
    {
        var launcher = Path.Combine(folder, "edge-agent");
        await File.WriteAllTextAsync(launcher, "#!/bin/sh\nexec dotnet \"$(dirname \"$(readlink -f \"$0\")\")/edge-agent.dll\" \"$@\"\n", cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(launcher, (UnixFileMode)0b111_101_101);
    }

    /// <summary>Publishes; MSBuild's own up-to-date checks make a second call short.</summary>
    public static async Task EnsureAsync(BuildContext context, CancellationToken cancellation)
    {
        await SetupTask.EnsureAsync(context, cancellation);
        foreach (var project in Projects)
        {
            string[] command =
            [
                "publish", context.At(project), "-c", "Release", "-r", BuildContext.RuntimeIdentifier, "--self-contained", "true",
                "-o", context.Binaries, "-p:PublishSingleFile=true", "-p:DebugType=embedded", "-p:PublishDocumentationFiles=false", "-p:PublishReferencesDocumentationFiles=false", "--nologo", "-v", "quiet",
            ];
            (await Shell.RunAsync("dotnet", command, context.Root, cancellation: cancellation)).OrThrow();
        }

        File.Copy(context.OnnxRuntimeLibrary, Path.Combine(context.Binaries, "libonnxruntime.so.1"), overwrite: true);
        CopyTemplates(context.At("templates"), Path.Combine(context.Binaries, "templates"));
    }

    // By hand: as content of the project, a second publish of the SDK (10.0.401) deleted them again.
    private static void CopyTemplates(string source, string target)
    {
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        foreach (var file in Directory.EnumerateFiles(source, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
