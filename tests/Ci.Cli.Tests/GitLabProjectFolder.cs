using System.Diagnostics;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>A checkout as gitlab-ci-local wants it: the components, a pipeline that includes them, and the built program on the path.</summary>
internal sealed class GitLabProjectFolder : IDisposable
{
    private static readonly string Program = RepositoryRoot.At("build", "npm", "node_modules", "gitlab-ci-local", "src", "index.js");

    private readonly TemporaryFolder folder = new();
    private readonly string remote;

    public GitLabProjectFolder(string remote, string yaml)
    {
        this.remote = remote;
        Directory.CreateDirectory(this.folder.Of("project"));
        foreach (var component in new[] { "mlops", "evaluate", "forks" })
            File.Copy(RepositoryRoot.At("templates", "gitlab", component + ".yml"), this.Of(component + ".yml"));
        this.Write(".gitlab-ci.yml", yaml);
        this.Write("gates.yaml", DeliveryWorld.Gates);
        this.Write("mlops.yaml", "model: energy-load\n");
        var bin = Directory.CreateDirectory(this.folder.Of("bin")).FullName;
        var program = Path.Combine(bin, "mlops");
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "mlops.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
    }

    public string Of(string path) => Path.Combine(this.folder.Of("project"), path);

    public void Write(string path, string text) => File.WriteAllText(this.Of(path), text);

    public string Artifact(string path) => File.ReadAllText(this.Of(path));

    public void Commit()
    {
        foreach (var arguments in new[] { "init -q -b change .", $"remote add origin {this.remote}", "add -A", "-c user.name=Ada -c user.email=ada@example.org commit -q -m Propose" })
            Run("git", arguments.Split(' '), new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! }).GetAwaiter().GetResult();
    }

    /// <summary>Runs a job, or all, with these variables as the pipeline's; artifacts come back into the folder.</summary>
    public Task<(int Code, string Output)> RunAsync(Dictionary<string, string> variables, params string[] arguments)
    {
        var own = variables.Where(v => v.Key != "PATH").SelectMany(v => new[] { "--variable", $"{v.Key}={v.Value}" });
        var around = new Dictionary<string, string>
        {
            ["PATH"] = $"{this.folder.Of("bin")}:{Environment.GetEnvironmentVariable("PATH")}", ["HOME"] = this.folder.Of("home"),
            // .NET makes this folder where it is absent; a home of its own keeps the machine's out of it.
            ["DOTNET_CLI_HOME"] = this.folder.Of("home"),
        };
        Directory.CreateDirectory(this.folder.Of("home"));
        return this.Run("node", [Program, "--force-shell-executor", "--artifacts-to-source", "--no-color", .. own, .. arguments], around);
    }

    public void Dispose() => this.folder.Dispose();

    private async Task<(int Code, string Output)> Run(string program, IEnumerable<string> arguments, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = this.folder.Of("project"), UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, output + await error);
    }
}
