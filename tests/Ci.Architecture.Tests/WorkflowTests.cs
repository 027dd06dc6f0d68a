using System.Diagnostics;
using System.Text.RegularExpressions;
using Ci.Testing;

namespace Ci.Architecture.Tests;

/// <summary>Workflows and the action, against the schemas that GitHub's own editor uses (by @action-validator), and how they pin what they use.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Files => [.. RepositoryFiles.Matching("*.yml").Where(IsGitHubs)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_workflow_is_valid(string file)
    {
        // The validator's schema is older than this permission: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
        using var folder = new TemporaryFolder();
        var copy = folder.Write(Path.GetFileName(file), AttestationPermission().Replace(File.ReadAllText(RepositoryRoot.At(file)), ""));
        Assert.Equal("", Problems(copy));
    }

    [Fact]
    public void The_complete_workflow_of_the_guide_is_valid()
    {
        var page = File.ReadAllText(RepositoryRoot.At("docs", "guide", "action.md"));
        using var folder = new TemporaryFolder();
        var workflow = Assert.Single(WorkflowBlock().Matches(page)).Groups["workflow"].Value;
        Assert.Equal("", Problems(folder.Write("evaluate.yml", workflow)));
        Assert.DoesNotContain(workflow.Split('\n'), line => Uses().IsMatch(line) && !line.Contains("uses: OWNER/mlops-action@", StringComparison.Ordinal) && !Pinned().IsMatch(line));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Actions_of_others_are_pinned_by_commit_with_the_version_beside_it(string file)
    {
        var loose = File.ReadLines(RepositoryRoot.At(file))
            .Where(line => Uses().IsMatch(line) && !line.Contains("uses: OWNER/mlops-action@", StringComparison.Ordinal) && !Pinned().IsMatch(line));
        Assert.Empty(loose);
    }

    [Fact]
    public void The_action_and_workflows_are_among_those_files()
    {
        var files = RepositoryFiles.Matching("*.yml").Where(IsGitHubs).ToList();
        Assert.Contains("action.yml", files);
        Assert.True(files.Count >= 6, string.Join(", ", files));
    }

    [Fact]
    public void A_broken_workflow_is_found_out()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "broken.yml");
        File.WriteAllText(file, "name: broken\non: push\njobs:\n  one:\n    steps:\n      - run: true\n        uses: too\n");
        Assert.NotEqual("", Problems(file));
    }

    private static bool IsGitHubs(string file) => file == "action.yml" || file.Contains(".github/workflows/", StringComparison.Ordinal);

    private static string Problems(string file)
    {
        var validator = RepositoryRoot.At("build", "npm", "node_modules", "@action-validator", "cli", "cli.mjs");
        Assert.True(File.Exists(validator), $"{validator} is missing: `dotnet run --project build -- setup` brings it");
        var start = new ProcessStartInfo("node", [validator, file]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{output}{error.Result} (exit code {process.ExitCode})";
    }

    [GeneratedRegex(@"^ +attestations: write.*\n", RegexOptions.Multiline)]
    private static partial Regex AttestationPermission();

    [GeneratedRegex(@"^```yaml\n(?<workflow>name: (?s:.*?))^```", RegexOptions.Multiline)]
    private static partial Regex WorkflowBlock();

    [GeneratedRegex(@"^\s*(- )?uses:")]
    private static partial Regex Uses();

    [GeneratedRegex(@"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
