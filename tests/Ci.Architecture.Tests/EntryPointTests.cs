using System.Diagnostics;
using Ci.Testing;

namespace Ci.Architecture.Tests;

/// <summary>action/entrypoint.sh with an mlops that only writes down what it was given; by dash, the image's shell, and by bash.</summary>
public sealed class EntryPointTests : IDisposable
{
    private const string Mlops = """
        #!/bin/sh
        printf '(' >> "$RECORD"
        for word in "$@"; do printf '[%s]' "$word" >> "$RECORD"; done
        printf ')\n' >> "$RECORD"
        case "${1:-}" in exit) exit "$2" ;; where) pwd >> "$RECORD" ;; esac
        """;

    private readonly TemporaryFolder folder = new();

    public EntryPointTests()
    {
        Directory.CreateDirectory(this.At("checkout", "sub folder"));
        Directory.CreateDirectory(this.At("bin"));
        File.WriteAllText(this.At("bin", "mlops"), Mlops + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(this.At("bin", "mlops"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static TheoryData<string> Shells => ["sh", "bash"];

    [Theory]
    [MemberData(nameof(Shells))]
    public void Words_are_parted_by_blanks_and_quotes_keep_them_together(string shell)
    {
        var (code, said) = this.Run(shell, ".", "repro\npromote  rollback --reason \"it was  wrong\" --to 'a b'\n");

        Assert.Equal((0, "([repro])\n([promote][rollback][--reason][it was  wrong][--to][a b])\n"), (code, said));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void No_shell_reads_a_line(string shell)
    {
        var (code, said) = this.Run(shell, ".", "one $(touch owned) `touch owned` ; touch owned && x | y > owned * $HOME");

        Assert.Equal((0, "([one][$(touch][owned)][`touch][owned`][;][touch][owned][&&][x][|][y][>][owned][*][$HOME])\n"), (code, said));
        Assert.False(File.Exists(this.At("checkout", "owned")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Blank_lines_and_remarks_are_passed_over(string shell)
    {
        var (code, said) = this.Run(shell, ".", "\n  # first this\n   \r\n  repro\r\n\t\n# done");

        Assert.Equal((0, "([repro])\n"), (code, said));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void It_stops_at_the_first_failure_with_its_exit_code(string shell)
    {
        var (code, said) = this.Run(shell, ".", "exit 6\nrepro");

        Assert.Equal((6, "([exit][6])\n"), (code, said));
        Assert.Equal("exit-code=6\n", File.ReadAllText(this.At("output")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_verdict_lets_the_next_lines_run_where_that_was_asked_for_and_is_how_it_ends(string shell)
    {
        var (code, said) = this.Run(shell, ".", "exit 3\nreport\ncheck create", "3, 4");

        Assert.Equal((3, "([exit][3])\n([report])\n([check][create])\n"), (code, said));
        Assert.Equal("exit-code=3\n", File.ReadAllText(this.At("output")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_failure_after_a_verdict_is_how_it_ends(string shell)
    {
        var (code, said) = this.Run(shell, ".", "exit 3\nexit 1\nrepro", "3 4");

        Assert.Equal((1, "([exit][3])\n([exit][1])\n"), (code, said));
    }

    [Theory]
    [InlineData("repro \"open")]
    [InlineData("repro 'open")]
    public void Unbalanced_quotes_are_wrong_usage_and_nothing_of_the_line_runs(string line)
    {
        var (code, said) = this.Run("sh", ".", line);

        Assert.Equal((2, ""), (code, said));
        Assert.Equal("exit-code=2\n", File.ReadAllText(this.At("output")));
    }

    [Fact]
    public void It_runs_in_the_working_directory()
    {
        var (code, said) = this.Run("sh", "sub folder", "where");

        Assert.Equal((0, $"([where])\n{this.At("checkout", "sub folder")}\n"), (code, said));
    }

    [Theory]
    [InlineData("no such folder", "")]
    [InlineData(".", "three")]
    [InlineData(".", "3;4")]
    public void Wrong_inputs_are_wrong_usage(string workingDirectory, string codes)
    {
        var (code, said) = this.Run("sh", workingDirectory, "repro", codes);

        Assert.Equal((2, ""), (code, said));
    }

    public void Dispose() => this.folder.Dispose();

    private string At(params string[] parts) => Path.Combine([this.folder.Path, .. parts]);

    private (int Code, string Said) Run(string shell, string workingDirectory, string commands, string codes = "")
    {
        var start = new ProcessStartInfo(shell, [RepositoryRoot.At("action", "entrypoint.sh"), workingDirectory, commands, codes])
        {
            WorkingDirectory = this.At("checkout"), UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{this.At("bin")}{Path.PathSeparator}{start.Environment["PATH"]}";
        start.Environment["RECORD"] = this.At("record");
        start.Environment["GITHUB_OUTPUT"] = this.At("output");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = error.Result;
        return (process.ExitCode, File.Exists(this.At("record")) ? File.ReadAllText(this.At("record")) : "");
    }
}
