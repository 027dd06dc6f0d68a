using System.Globalization;
using System.Text;
using Ci.Build.Demo;
using Ci.Build.Tools;
using Ci.Testing.Forge;

namespace Ci.Build.Image;

/// <summary>
/// The built image run as GitHub's runner runs a container action: its mounts, variables and working folder, a pull request's event, a
/// forge on loopback. https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support
/// </summary>
internal sealed class ImageRun
{
    private const string Slug = "acme/energy-load";

    // What a stage of a proposal may print: without a stop the runner would obey it.
    private const string Hostile = "::add-path::/github/workspace/owned";

    private readonly Buildah buildah;
    private readonly GitHubSimulator forge;
    private readonly string folder;
    private readonly string head;
    private readonly List<string> entryPoint;

    private ImageRun(Buildah buildah, GitHubSimulator forge, string folder, string head, List<string> entryPoint) =>
        (this.buildah, this.forge, this.folder, this.head, this.entryPoint) = (buildah, forge, folder, head, entryPoint);

    public static async Task PlayAsync(BuildContext context, Buildah buildah, CancellationToken cancellation)
    {
        var place = Path.Combine(context.Artifacts, "image", "job");
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
        await using var hub = await GitHubSimulator.StartAsync(Path.Combine(place, "forge"));
        var repository = hub.CreateRepository(Slug);
        repository.CommitFiles("main", "Start", ("a.txt", "a"));
        var commit = repository.CommitFiles("change", "Change", ("report/report.md", "# A better model\n\n![RMSE](figures/rmse.svg)\n"), ("report/figures/rmse.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"20\"><text x=\"2\" y=\"15\">RMSE</text></svg>\n"));
        using var person = new ForgeUser(hub, hub.AddToken("ada"));
        await person.OpenAsync(Slug, "A better model", "change", "main");
        var started = await buildah.DoAsync(cancellation, "inspect", "--type", "image", "--format", "{{range .OCIv1.Config.Entrypoint}}{{.}}\n{{end}}", ImageFacts.Tag("full"));
        var run = new ImageRun(buildah, hub, place, commit, [.. started.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        await run.PrepareAsync(cancellation);
        await run.WholeAsync(cancellation);
        await run.FailingAsync(cancellation);
        BuildContext.Say("image: run as GitHub runs it: a pipeline in the container, one comment on the pull request, exit codes and outputs as documented");
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        foreach (var name in new[] { "home", "workflow", "file_commands" })
            Directory.CreateDirectory(this.At(name));
        (await Shell.RunAsync("git", ["clone", "--quiet", "--branch", "change", this.forge.GitUrl(Slug), this.At("workspace")], this.folder, cancellation: cancellation)).OrThrow();
        this.forge.WritePullRequestEvent(Slug, 1, this.At("workflow", "event.json"));
        // The checkout is the runner's user's, as on GitHub, and the container is root.
        await Shell.RunAsync("chown", ["-R", "1001:1001", this.At("workspace")], this.folder, cancellation: cancellation);
    }

    // The template's four stages: Node.js, data checks, training, and ONNX Runtime all from the image; then a picture and the comment.
    private async Task WholeAsync(CancellationToken cancellation)
    {
        var (code, output, outputs) = await this.StepAsync("whole", new()
        {
            ["INPUT_COMMAND"] = $"""
                # a remark
                new energy-load model --set owner=OWNER/mlops-action
                --cd model stage add --name hostile --outs pixel.png "echo '{Hostile}'; rsvg-convert ../report/figures/rmse.svg -w 8 -h 8 -o pixel.png"
                --cd model repro
                comment create report/report.md --key energy-load
                """,
        }, cancellation);
        var comments = this.forge.Comments(Slug);
        Hold(code == 0, $"the step ended with {code}", output);
        Hold(outputs.Contains("exit-code<<END\n0\nEND\n", StringComparison.Ordinal), $"exit-code is not among the outputs: {outputs}", output);
        Hold(comments.Count == 1 && comments[0].Body.Contains("# A better model", StringComparison.Ordinal) && comments[0].PullRequest == 1, $"{comments.Count} comments are on the pull request", output);
        Hold(outputs.Contains("comment-url<<END\nhttp", StringComparison.Ordinal), $"comment-url is not among the outputs: {outputs}", output);
        Hold(File.Exists(this.At("workspace", "model", "evaluation.json")), "the pipeline left no evaluation.json", output);
        var hidden = Between(output, Hostile);
        Hold(hidden, "a stage's workflow command stands where the runner would obey it", output);
    }

    private async Task FailingAsync(CancellationToken cancellation)
    {
        var (code, output, outputs) = await this.StepAsync("failing", new() { ["INPUT_COMMAND"] = "comment create report/none.md", ["INPUT_WORKING-DIRECTORY"] = "../elsewhere" }, cancellation);
        Hold(code == 2 && outputs == "exit-code<<END\n2\nEND\n", $"a folder outside the checkout ended with {code}, outputs {outputs}", output);
        (code, output, outputs) = await this.StepAsync("missing", new() { ["INPUT_COMMAND"] = "comment create none.md\nversion", ["INPUT_WORKING-DIRECTORY"] = "report" }, cancellation);
        Hold(code == 1 && outputs == "exit-code<<END\n1\nEND\n", $"a missing report ended with {code}, outputs {outputs}", output);
        Hold(output.Split('\n').Count(line => line.StartsWith("::error ", StringComparison.Ordinal)) == 1, "a failure is one annotation", output);
    }

    // Between the stop and the word that lifts it.
    private static bool Between(string output, string text)
    {
        const string stop = "::stop-commands::";
        var at = output.IndexOf($"\n{text}", StringComparison.Ordinal) is >= 0 and var line ? line : output.IndexOf(text, StringComparison.Ordinal);
        var begin = at < 0 ? -1 : output.LastIndexOf(stop, at, StringComparison.Ordinal);
        if (begin < 0)
            return false;
        var word = output[(begin + stop.Length)..output.IndexOf('\n', begin)];
        return output.IndexOf($"\n::{word}::\n", begin, StringComparison.Ordinal) > at;
    }

    private async Task<(int Code, string Output, string Outputs)> StepAsync(string name, Dictionary<string, string> inputs, CancellationToken cancellation)
    {
        var outputs = this.At("file_commands", $"set_output_{name}");
        foreach (var file in new[] { outputs, this.At("file_commands", $"step_summary_{name}"), this.At("file_commands", $"set_env_{name}") })
            await File.WriteAllTextAsync(file, "", cancellation);
        var container = await this.buildah.DoAsync(cancellation, "from", ImageFacts.Tag("full"));
        try
        {
            string[] run =
            [
                "run", "--isolation", "chroot", "--workingdir", "/github/workspace",
                .. this.Mounts().SelectMany(mount => new[] { "--volume", mount }),
                .. this.Variables(name).Concat(inputs).SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" }),
                container, "--", .. this.entryPoint,
            ];
            var ended = await this.buildah.TryAsync(cancellation, run);
            return (ended.ExitCode, $"{ended.Output}\n{ended.Error}".ReplaceLineEndings("\n"), (await File.ReadAllTextAsync(outputs, cancellation)).ReplaceLineEndings("\n"));
        }
        finally
        {
            await this.buildah.TryAsync(CancellationToken.None, "rm", container);
        }
    }

    private IEnumerable<string> Mounts() =>
        new[] { "home", "workflow", "file_commands", "workspace" }.Select(name => $"{this.At(name)}:/github/{name}");

    // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    private Dictionary<string, string> Variables(string step) => new()
    {
        ["CI"] = "true",
        ["HOME"] = "/github/home",
        ["GITHUB_ACTIONS"] = "true",
        ["GITHUB_ACTION"] = "__OWNER_mlops-action",
        ["GITHUB_ACTION_REPOSITORY"] = "OWNER/mlops-action",
        ["GITHUB_ACTOR"] = "ada",
        ["GITHUB_TRIGGERING_ACTOR"] = "ada",
        ["GITHUB_API_URL"] = this.forge.ApiUrl.AbsoluteUri,
        ["GITHUB_SERVER_URL"] = this.forge.ServerUrl.AbsoluteUri.TrimEnd('/'),
        ["GITHUB_BASE_REF"] = "main",
        ["GITHUB_HEAD_REF"] = "change",
        ["GITHUB_REF"] = "refs/pull/1/merge",
        ["GITHUB_REF_NAME"] = "1/merge",
        ["GITHUB_SHA"] = this.head,
        ["GITHUB_EVENT_NAME"] = "pull_request",
        ["GITHUB_EVENT_PATH"] = "/github/workflow/event.json",
        ["GITHUB_ENV"] = $"/github/file_commands/set_env_{step}",
        ["GITHUB_OUTPUT"] = $"/github/file_commands/set_output_{step}",
        ["GITHUB_STEP_SUMMARY"] = $"/github/file_commands/step_summary_{step}",
        ["GITHUB_JOB"] = "evaluate",
        ["GITHUB_REPOSITORY"] = Slug,
        ["GITHUB_RUN_ATTEMPT"] = "1",
        ["GITHUB_RUN_ID"] = 7001.ToString(CultureInfo.InvariantCulture),
        ["GITHUB_WORKFLOW"] = "evaluate",
        ["GITHUB_WORKSPACE"] = "/github/workspace",
        ["RUNNER_OS"] = "Linux",
        ["RUNNER_ARCH"] = "X64",
        ["INPUT_MODE"] = "run",
        ["INPUT_WORKING-DIRECTORY"] = ".",
        ["INPUT_CONTINUE-ON-EXIT-CODES"] = "",
        ["INPUT_TOKEN"] = this.forge.JobToken,
        ["INPUT_BUNDLE"] = "",
        ["INPUT_KEY"] = "",
        ["INPUT_FIGURES"] = "",
    };

    private string At(params string[] parts) => Path.Combine([this.folder, .. parts]);

    private static void Hold(bool held, string otherwise, string output)
    {
        if (!held)
            throw new BuildException(new StringBuilder($"the image, run as GitHub runs it: {otherwise}. Its log:\n").Append(output).ToString());
    }
}
