using System.CommandLine;
using Ci.Build.Tools;

namespace Ci.Build.Tasks;

/// <summary>Leaves artifacts/bin/mlops and artifacts/bin/edge-agent: one file each, self-contained, trimmed, ReadyToRun.</summary>
internal sealed class PublishTask : IBuildTask
{
    private static readonly string[] Projects = ["src/Ci.Cli/Ci.Cli.csproj", "edge-agent/Ci.EdgeAgent/Ci.EdgeAgent.csproj"];

    public string Name => "publish";

    public string Summary => "Publish the binaries mlops and edge-agent to artifacts/bin.";

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await EnsureAsync(context, cancellation);
        foreach (var binary in new[] { context.Mlops, context.EdgeAgent })
            BuildContext.Say($"publish: {Path.GetRelativePath(context.Root, binary)}, {new FileInfo(binary).Length / 1048576.0:F1} MiB");
        return 0;
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
