using System.Security.Cryptography;

namespace Ci.Cli.Tests;

/// <summary>
/// Bad input to the published binary: one clear message on standard error (what, where, how to fix), the documented exit code, and a
/// folder in which nothing was changed, half-written or left behind.
/// </summary>
public sealed class BadInputTests(BadInputProject project) : IClassFixture<BadInputProject>
{
    private const string Release = "release create --model model.onnx --evaluation evaluation.json --predictions predictions.csv.gz --verdict verdict.json --version 1.0.0 --golden-data test.csv";

    [Theory]
    // Tables.
    [InlineData("train --data bad/missing.csv --out out.onnx", 1, "bad/missing.csv", "no column 'load'", "did you mean 'lod'")]
    [InlineData("train --data bad/cell.csv --out out.onnx", 1, "bad/cell.csv:3", "'many' is not a number", "decimal number")]
    [InlineData("train --data bad/ragged.csv --out out.onnx", 1, "bad/ragged.csv:3", "3 cells", "as many cells as the header")]
    [InlineData("train --data bad/empty.csv --out out.onnx", 1, "bad/empty.csv", "is empty", "expected a header line")]
    [InlineData("train --data bad/none.csv --out out.onnx", 1, "bad/none.csv", "no such data file", "--data")]
    [InlineData("evaluate --model model.onnx --data bad/feature.csv --out out.json", 1, "bad/feature.csv", "no column 'a'", "did you mean 'aa'")]
    [InlineData("evaluate --model model.onnx --data bad/cell.csv --out out.json --predictions out.csv.gz", 1, "bad/cell.csv:3", "'many' is not a number", "decimal number")]
    [InlineData("evaluate --model model.onnx --data bad/empty.csv --out out.json", 1, "bad/empty.csv", "is empty", "expected a header line")]
    [InlineData("score --model model.onnx --data bad/feature.csv --out out.csv", 1, "bad/feature.csv", "no column 'a'", "did you mean 'aa'")]
    // Models.
    [InlineData("evaluate --model bad/truncated.onnx --data test.csv --out out.json", 1, "bad/truncated.onnx", "truncated", "export it again")]
    [InlineData("evaluate --model bad/empty.onnx --data test.csv --out out.json", 1, "bad/empty.onnx", "empty", "fetch it again")]
    [InlineData("score --model bad/truncated.onnx --data test.csv --out out.csv", 1, "bad/truncated.onnx", "truncated", "export it again")]
    [InlineData("evaluate --model none.onnx --data test.csv --out out.json", 1, "none.onnx", "no such file")]
    // Settings.
    [InlineData("train --data train.csv --params bad/params.yaml --out out.onnx", 1, "bad/params.yaml:3", "not valid YAML")]
    [InlineData("train --data train.csv --params bad/kind.yaml --out out.onnx", 1, "bad/kind.yaml", "forest", "ridge, softmax, boosted-trees")]
    [InlineData("evaluate --model model.onnx --data test.csv --params bad/params.yaml --out out.json", 1, "bad/params.yaml:3", "not valid YAML")]
    [InlineData("evaluate --model model.onnx --data test.csv --params bad/kind.yaml --out out.json", 1, "bad/kind.yaml", "task", "regression")]
    [InlineData("compare --gates bad/gates.yaml --out out.json", 1, "bad/gates.yaml:2", "not valid YAML")]
    [InlineData("compare --gates bad/rule.yaml --out out.json", 1, "bad/rule.yaml:1", "nicer", "not-worse")]
    // Documents.
    [InlineData("compare --candidate bad/half.json --out out.json", 1, "bad/half.json", "not an evaluation", "line")]
    [InlineData("compare --candidate bad/object.json --out out.json", 1, "bad/object.json", "expected \"mlops.evaluation/v1\"")]
    [InlineData("compare --baseline bad/object.json --out out.json", 1, "bad/object.json", "expected \"mlops.evaluation/v1\"")]
    [InlineData("compare --candidate none.json --out out.json", 1, "none.json", "no such file")]
    [InlineData("report --evaluation bad/half.json --out out", 1, "bad/half.json", "not an evaluation")]
    [InlineData("report --verdict none.json --out out", 1, "none.json", "`mlops compare`")]
    [InlineData("report render bad/object.json --out out", 1, "bad/object.json", "it lacks 'outcome'")]
    // Places that cannot be written.
    [InlineData("train --data train.csv --out bad/file/out.onnx", 1, "bad/file/out.onnx cannot be written", "is a file, not a folder", "--out")]
    [InlineData("train --data train.csv --out bad", 1, "bad cannot be written", "it is a folder", "--out")]
    [InlineData("train --data train.csv --out /proc/out.onnx", 1, "/proc/out.onnx cannot be written", "takes no files", "--out")]
    [InlineData("evaluate --model model.onnx --data test.csv --out out.json --metrics /proc/m.json --predictions out.csv.gz", 1, "/proc/m.json cannot be written", "--metrics")]
    [InlineData("compare --out bad/file/out.json", 1, "bad/file/out.json cannot be written", "--out")]
    [InlineData("report --out bad/file/out", 1, "bad/file/out cannot be written", "--out")]
    [InlineData("report --out keys", 1, "holds other things than a report", "--out")]
    [InlineData("report --out /proc/out", 1, "/proc/out cannot be written", "--out")]
    [InlineData(Release + " --out bad/file/out", 1, "bad/file/out cannot be written", "--out")]
    [InlineData(Release + " --out keys", 1, "holds no release", "--out")]
    [InlineData("release keygen --out keys/key.pem", 1, "keys/key.pem is there already", "--out")]
    // Pipelines.
    [InlineData("in bad/pipeline: repro nosuch", 255, "no stage `nosuch`", "prepare")]
    [InlineData("in bad/pipeline: repro --forc", 254, "no option --forc", "did you mean `--force`?")]
    [InlineData("in bad/broken: repro", 255, "dvc.yaml:3", "YAML")]
    [InlineData("in bad/pipeline: push", 1, "no remote is configured", ".dvc/config")]
    [InlineData("repro", 253, "is in no project", "mlops init")]
    // Stores, forges, repositories.
    [InlineData("monitor --environment production", 2, "blob store", "--store", "MLOPS_STORE")]
    [InlineData("monitor --environment production --store none", 6, "does not exist", "check the path")]
    [InlineData("monitor --environment production --store gopher://x", 1, "gopher://x", "this build knows a folder")]
    [InlineData("comment create bad/report.md --pr 1 --repository a/b --api-url http://127.0.0.1:1", 6, "127.0.0.1", "did not answer", "try again later")]
    [InlineData("comment create bad/report.md --pr 1", 2, "which repository?", "--repository")]
    [InlineData("check create bad/report.md --title t --commit-sha 1234567 --repository a/b --api-url http://127.0.0.1:1", 6, "127.0.0.1", "did not answer")]
    [InlineData("release fetch --environment production --out out --deploy none.git --store bad", 1, "none.git does not exist", "--deploy")]
    [InlineData("promote status --store bad", 2, "deploy repository", "--deploy", "MLOPS_DEPLOY_REPOSITORY")]
    // Trust.
    [InlineData("release verify bad/tampered", 5, "model.onnx", "the signed release says")]
    [InlineData("release verify bad/edited", 5, "release.json", "not the document that was signed")]
    [InlineData("release verify bad/unsigned", 1, "release.sigstore.json is missing", "mlops release create")]
    [InlineData("MLOPS_TRUSTED_KEYS=bad/other.pem.pub release verify release", 5, "was signed by key", "trusted keys")]
    [InlineData("MLOPS_TRUSTED_KEYS=bad/garbage.pem release verify release", 1, "MLOPS_TRUSTED_KEYS", "mlops release keygen")]
    [InlineData("MLOPS_TRUSTED_KEYS=bad/none.pem release verify release", 1, "MLOPS_TRUSTED_KEYS", "does not exist")]
    [InlineData("MLOPS_TRUSTED_KEYS= release verify release", 1, "set MLOPS_TRUSTED_KEYS")]
    [InlineData("MLOPS_SIGNING_KEY=bad/garbage.pem " + Release + " --out out", 1, "MLOPS_SIGNING_KEY", "mlops release keygen")]
    [InlineData("MLOPS_SIGNING_KEY=bad/other.pem.pub " + Release + " --out out", 1, "MLOPS_SIGNING_KEY", "perhaps the public one")]
    [InlineData("MLOPS_SIGNING_KEY= " + Release + " --out out", 1, "set MLOPS_SIGNING_KEY")]
    [InlineData("release create --model bad/truncated.onnx --evaluation evaluation.json --version 1.0.0 --golden-data test.csv --out out", 5, "evaluation.json measured another file", "evaluate this one")]
    [InlineData("release create --model model.onnx --evaluation evaluation.json --version 1.0.0 --golden bad/object.json --out out", 1, "bad/object.json", "mlops.golden/v1")]
    [InlineData("release create --model model.onnx --evaluation evaluation.json --version one --golden-data test.csv --out out", 2, "'one'", "1.2.3")]
    // The command line itself.
    [InlineData("trian --data train.csv", 2, "no verb `trian`", "did you mean `train`", "mlops --help")]
    [InlineData("train --dta train.csv --out out.onnx", 2, "no option --dta", "did you mean `--data`", "mlops train --help")]
    [InlineData("train --data train.csv", 2, "--out", "mlops train --help")]
    [InlineData("train --data train.csv --out out.onnx --seed many", 2, "many", "mlops train --help")]
    [InlineData("promote", 2, "open, check, apply", "mlops promote --help")]
    [InlineData("promote opn --to staging", 2, "no verb `opn`", "did you mean `open`", "mlops promote --help")]
    [InlineData("compare too much", 2, "`too` is one argument too many", "mlops compare --help")]
    public async Task It_ends_in_one_clear_message_and_leaves_the_folder_as_it_was(string call, int code, params string[] words)
    {
        var (folder, variables, arguments) = this.Parse(call);
        var before = Listing(project.Whole.Path);

        var answer = await PublishedProgram.RunAsync(folder, variables, arguments);

        Assert.True(answer.Code == code, $"exit code {answer.Code}, expected {code}: {answer.Error}");
        Assert.Equal("", answer.Output);
        Assert.StartsWith("mlops", answer.Error, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, answer.Error, StringComparison.Ordinal));
        Assert.InRange(answer.Error.TrimEnd('\n').Split('\n').Length, 1, 5);
        Assert.InRange(answer.Error.Length, 10, 600);
        Assert.All(["   at ", "Exception", "System.", "Ci.", "not expected"], word => Assert.DoesNotContain(word, answer.Error, StringComparison.Ordinal));
        Assert.Equal(before, Listing(project.Whole.Path));
    }

    [Fact]
    public async Task A_first_model_is_judged_without_a_baseline_and_only_the_verdict_is_written()
    {
        using var first = this.FirstModel();
        var before = Listing(first.Path);

        var answer = await PublishedProgram.RunAsync(first.Path, first.Variables, "compare");

        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.StartsWith("pass: energy-load first model", answer.Output, StringComparison.Ordinal);
        Assert.Contains("gates: 1 pass, 2 wait for a baseline", answer.Output, StringComparison.Ordinal);
        Assert.Equal(["verdict.json"], Listing(first.Path).Except(before).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_mistyped_baseline_does_not_pass_for_a_first_model()
    {
        using var first = this.FirstModel();
        var before = Listing(first.Path);

        foreach (var verb in new[] { "compare", "report" })
        {
            var answer = await PublishedProgram.RunAsync(first.Path, first.Variables, verb, "--baseline", "baselin/evaluation.json");
            Assert.Equal((1, ""), (answer.Code, answer.Output));
            Assert.StartsWith("mlops: baselin/evaluation.json does not exist: `mlops release fetch", answer.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, Listing(first.Path));
    }

    private ModelProject FirstModel()
    {
        var first = new ModelProject();
        foreach (var file in new[] { "evaluation.json", "predictions.csv.gz" })
            File.Copy(project.Whole.Of(file), first.Of(file));
        return first;
    }

    // "NAME=value in FOLDER: verb …": variables and folder are both optional.
    private (string Folder, IReadOnlyDictionary<string, string> Variables, string[] Arguments) Parse(string call)
    {
        var variables = new Dictionary<string, string>(project.Whole.Variables) { ["MLOPS_FORGE_DEADLINE"] = "1" };
        // As the release has it: nothing but what lies beside the binary.
        variables.Remove("MLOPS_ONNXRUNTIME");
        var folder = project.Whole.Path;
        var words = call.Split(' ').ToList();
        while (words[0].Contains('=', StringComparison.Ordinal))
        {
            var parts = words[0].Split('=', 2);
            variables[parts[0]] = parts[1];
            words.RemoveAt(0);
        }

        if (words[0] == "in")
        {
            folder = project.Whole.Of(words[1].TrimEnd(':'));
            words.RemoveRange(0, 2);
        }

        return (folder, variables, [.. words]);
    }

    private static List<string> Listing(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Contains(".git", StringComparer.Ordinal))
            .Select(path => $"{Path.GetRelativePath(folder, path)} {(File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "folder")}")
            .Order(StringComparer.Ordinal)];
}
