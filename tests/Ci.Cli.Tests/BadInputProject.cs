using Ci.Git;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary>A whole project, made once, with everything that can be wrong with its inputs under bad/.</summary>
public sealed class BadInputProject : IAsyncLifetime
{
    public ModelProject Whole { get; } = new();

    public async Task InitializeAsync()
    {
        var project = this.Whole;
        await project.CommitAsync();
        await project.EvaluateAsync();
        await project.ReleaseAsync();
        await project.OkAsync("release keygen --out bad/other.pem");

        project.Write("bad/missing.csv", File.ReadAllText(project.Of("test.csv")).Replace("time,a,b,load", "time,a,b,lod", StringComparison.Ordinal));
        project.Write("bad/feature.csv", File.ReadAllText(project.Of("test.csv")).Replace("time,a,b,load", "time,aa,b,load", StringComparison.Ordinal));
        project.Write("bad/cell.csv", "time,a,b,load\n2020-01-01T00:00:00Z,1,2,3\n2020-01-01T01:00:00Z,1,many,3\n");
        project.Write("bad/ragged.csv", "time,a,b,load\n2020-01-01T00:00:00Z,1,2,3\n2020-01-01T01:00:00Z,1,3\n");
        project.Write("bad/empty.csv", "");
        project.Write("bad/header.csv", "time,a,b,load\n");
        project.Write("bad/empty.onnx", "");
        File.WriteAllBytes(project.Of("bad/truncated.onnx"), File.ReadAllBytes(project.Of("model.onnx"))[..200]);
        project.Write("bad/params.yaml", "train:\n  kind: [ridge\n");
        project.Write("bad/kind.yaml", "train: {kind: forest, target: load}\nevaluate: {target: load, task: guessing}\n");
        project.Write("bad/gates.yaml", "gates: [{metric: rmse\n");
        project.Write("bad/rule.yaml", "gates: [{metric: rmse, rule: nicer}]\n");
        project.Write("bad/half.json", File.ReadAllText(project.Of("evaluation.json"))[..200]);
        project.Write("bad/object.json", "{}\n");
        project.Write("bad/file", "");
        project.Write("bad/garbage.pem", "no key\n");
        project.Write("bad/report.md", "# Report\n");
        Copy(project.Of("release"), project.Of("bad/tampered"));
        File.AppendAllText(project.Of("bad/tampered/model.onnx"), "x");
        Copy(project.Of("release"), project.Of("bad/edited"));
        File.WriteAllText(project.Of("bad/edited/release.json"), File.ReadAllText(project.Of("release/release.json")).Replace("\"1.0.0\"", "\"6.6.6\"", StringComparison.Ordinal));
        Copy(project.Of("release"), project.Of("bad/unsigned"));
        File.Delete(project.Of("bad/unsigned/release.sigstore.json"));

        await GitRepository.InitAsync(project.Of("bad/pipeline"), o: new GitOptions { Environment = GitIsolation.Environment });
        project.Write("bad/pipeline/.dvc/config", "");
        project.Write("bad/pipeline/dvc.yaml", "stages:\n  prepare:\n    cmd: echo hi > out.txt\n    outs: [out.txt]\n");
        await GitRepository.InitAsync(project.Of("bad/broken"), o: new GitOptions { Environment = GitIsolation.Environment });
        project.Write("bad/broken/.dvc/config", "");
        project.Write("bad/broken/dvc.yaml", "stages:\n  prepare: [cmd\n");
    }

    public Task DisposeAsync()
    {
        this.Whole.Dispose();
        return Task.CompletedTask;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
