using System.CommandLine;
using System.Runtime.InteropServices;
using Ci.Build.Tools;

namespace Ci.Build.Tasks;

/// <summary>Brings what a fresh machine lacks: npm packages (ONNX Runtime's library among them); says what else is missing and how to get it.</summary>
internal sealed class SetupTask : IBuildTask
{
    // What model cards are printed with, and what tests look at pages and cards with.
    private static readonly (string Command, string Package, string Why)[] Documents =
    [
        ("weasyprint", "weasyprint", "prints model cards"), ("pdftotext", "poppler-utils", "tests read cards with it"), ("chromium", "chromium", "tests open pages with it"),
        ("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "fonts-noto-core", "scripts of cards"), ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk", "scripts of cards"),
    ];

    public string Name => "setup";

    public string Summary => "Install the npm packages and ONNX Runtime's library; check git and Node.";

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await EnsureAsync(context, cancellation);
        BuildContext.Say($"setup: ready; ONNX Runtime in {Path.GetRelativePath(context.Root, context.OnnxRuntimeLibrary)}");
        return 0;
    }

    /// <summary>Does the work once: a second call costs a few file reads.</summary>
    public static async Task EnsureAsync(BuildContext context, CancellationToken cancellation)
    {
        await NeedAsync("git", "--version", "apt-get install git (2.38 or newer)", cancellation);
        await NeedAsync("node", "--version", "apt-get install nodejs npm, or https://nodejs.org (18 or newer)", cancellation);
        await InstallNpmAsync(context, cancellation);
        CopyOnnxRuntime(context);
        await WantDebianAsync("rsync", "rsync", "gitlab-ci-local, in which tests run the GitLab templates", cancellation);
        await WantDebianAsync("systemd-analyze", "systemd", "tests judge the edge agent's unit with it", cancellation);
        foreach (var (command, package, why) in Documents)
            await WantDebianAsync(command, package, why, cancellation);
    }

    /// <summary>Debian packages that a task wants: installed when this is root on Debian, else named in one line.</summary>
    public static async Task WantDebianAsync(string command, string package, string why, CancellationToken cancellation)
    {
        if (OnPath(command))
            return;
        if (Environment.UserName == "root" && OnPath("apt-get"))
        {
            BuildContext.Say($"setup: apt-get install {package} ({why})");
            await Shell.RunAsync("apt-get", ["update", "-q"], "/", cancellation: cancellation);
            await Shell.RunAsync("apt-get", ["install", "-q", "-y", "--no-install-recommends", package], "/", cancellation: cancellation);
        }

        if (!OnPath(command))
            BuildContext.Say($"setup: {command} is missing ({why}): apt-get install {package}");
    }

    /// <summary>As <see cref="WantDebianAsync"/>, for what a task cannot do without.</summary>
    public static async Task NeedDebianAsync(string command, string package, string why, CancellationToken cancellation)
    {
        await WantDebianAsync(command, package, why, cancellation);
        if (!OnPath(command))
            throw new BuildException($"{package} is missing ({why}): apt-get install {package}");
    }

    private static async Task InstallNpmAsync(BuildContext context, CancellationToken cancellation)
    {
        var folder = context.At("build", "npm");
        var stamp = Path.Combine(context.NodeModules, ".installed");
        var wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"), cancellation);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellation) == wanted)
            return;
        BuildContext.Say("setup: npm ci (ONNX Runtime's native library, JSON Schema validator, emulators of Azure Storage and S3)");
        (await Shell.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder, cancellation: cancellation)).OrThrow();
        await File.WriteAllTextAsync(stamp, wanted, cancellation);
    }

    private static void CopyOnnxRuntime(BuildContext context)
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var root = Path.Combine(context.NodeModules, "onnxruntime-node", "bin");
        var library = Directory.EnumerateFiles(root, "libonnxruntime.so.1", SearchOption.AllDirectories)
            .FirstOrDefault(path => path.Contains($"{Path.DirectorySeparatorChar}{architecture}{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            ?? throw new BuildException($"onnxruntime-node holds no libonnxruntime.so.1 for {architecture} under {root}");
        var target = new FileInfo(context.OnnxRuntimeLibrary);
        if (target.Exists && target.Length == new FileInfo(library).Length)
            return;
        target.Directory!.Create();
        File.Copy(library, target.FullName, overwrite: true);
    }

    private static async Task NeedAsync(string command, string argument, string how, CancellationToken cancellation)
    {
        if (!OnPath(command))
            throw new BuildException($"{command} is not installed: {how}");
        (await Shell.RunAsync(command, [argument], "/", cancellation: cancellation)).OrThrow();
    }

    // A command by name, or any file by its path (a Python package has no command).
    private static bool OnPath(string command) =>
        Path.IsPathRooted(command) ? File.Exists(command)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, command)));
}
