using System.Diagnostics;

namespace Ci.Jobs.Tests;

public sealed class ActionEntryPointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-action").FullName;

    public ActionEntryPointTests()
    {
        // Stands in for the binary: prints its arguments in brackets and fails when told to.
        var program = Path.Combine(this.folder, "mlops");
        File.WriteAllText(program, "#!/bin/sh\nfor a in \"$@\"; do printf '[%s]' \"$a\"; done; echo\n[ \"$1\" = fail ] && exit 3\nexit 0\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public void Words_reach_the_program_as_written_and_no_shell_reads_them()
    {
        var (code, output) = this.Run("comment create \"a b.md\" $(id) `id` ; rm\n# a remark\n\ncheck 'x y'\n");

        Assert.Equal(0, code);
        Assert.Equal("[comment][create][a b.md][$(id)][`id`][;][rm]\n[check][x y]\n", output);
    }

    [Fact]
    public void The_first_failure_ends_it_with_its_own_exit_code()
    {
        var (code, output) = this.Run("one\nfail\ntwo");

        Assert.Equal(3, code);
        Assert.Equal("[one]\n[fail]\n", output);
        Assert.Equal("exit-code=3\n", File.ReadAllText(Path.Combine(this.folder, "output")));
    }

    [Fact]
    public void Unbalanced_quotes_run_nothing()
    {
        var (code, output) = this.Run("repro \"data");

        Assert.Equal(2, code);
        Assert.Equal("", output);
    }

    private (int Code, string Output) Run(string commands)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Ci.sln")))
            root = root.Parent!;
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { Path.Combine(root.FullName, "action", "entrypoint.sh"), this.folder, commands })
            start.ArgumentList.Add(argument);
        start.Environment["PATH"] = $"{this.folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["GITHUB_OUTPUT"] = Path.Combine(this.folder, "output");
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
