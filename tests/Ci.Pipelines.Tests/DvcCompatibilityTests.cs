using Ci.Data;
using Ci.Storage.FileSystem;

namespace Ci.Pipelines.Tests;

public sealed class DvcCompatibilityTests
{
    [Fact]
    public async Task A_run_writes_the_same_lock_ignores_cache_and_run_cache_as_DVC()
    {
        using var fixture = new DvcFixture("pipeline/after-repro");
        var expected = DvcFixture.Contents(fixture.Original);
        fixture.Remove(".dvc/cache", "dvc.lock", ".gitignore", "data/prepared", "data/.gitignore", "data/raw.csv.dvc", "model.bin", "metrics.json", "plots.csv", "cachedplot.json");
        var project = fixture.Open();
        GitIgnoreFile.Add(project, fixture.Of("data/raw.csv"));
        new PointerFile(fixture.Of("data/raw.csv.dvc"), fixture.Of("data/raw.csv"), null).Write(project.Workspace.Save(fixture.Of("data/raw.csv")));

        Assert.Equal("prepare:Ran train:Ran evaluate:Ran", Run.Outcomes(await Run.ReproAsync(project)));

        var actual = DvcFixture.Contents(fixture.Root);
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (path, text) in expected)
            Assert.Equal((path, text), (path, actual[path]));
    }

    [Fact]
    public async Task Lists_blocks_folded_commands_and_working_folders_are_locked_as_DVC_locks_them()
    {
        using var fixture = new DvcFixture("multicmd/tree");
        var expected = File.ReadAllText(fixture.Of("dvc.lock"));
        fixture.Remove(".dvc/cache", "dvc.lock", "m.txt", "b.txt", "f.txt", "long.txt", "sub/out.txt");
        await Run.ReproAsync(fixture.Open());
        Assert.Equal(expected, File.ReadAllText(fixture.Of("dvc.lock")));
    }

    [Fact]
    public void What_DVC_left_up_to_date_is_up_to_date()
    {
        using var fixture = new DvcFixture("pipeline/after-repro");
        Assert.Empty(StatusReader.All(Pipeline.Load(fixture.Open())));
    }

    [Fact]
    public async Task Data_that_DVC_pushed_is_pulled_and_the_pipeline_needs_no_run()
    {
        using var fixture = new DvcFixture("pipeline/after-repro");
        fixture.Remove(".dvc/cache", "data/prepared", "data/raw.csv", "model.bin", "cachedplot.json");
        var project = fixture.Open();
        var outputs = Pipeline.Load(project).Tracked([], fixture.Root);
        var transfer = new DataTransfer(project.Cache, new FolderBlobStore(Path.Combine(DvcFixture.Fixtures(), "pipeline", "remote")));
        Assert.Equal(5, await transfer.FetchAsync(outputs));
        foreach (var output in outputs)
            Assert.Equal(Change.Added, project.Workspace.Restore(output.Path, output.Digest));
        Assert.Equal("prepare:Unchanged train:Unchanged evaluate:Unchanged", Run.Outcomes(await Run.ReproAsync(project)));
    }

    [Fact]
    public async Task An_earlier_run_with_the_same_inputs_is_put_back_and_not_run_again()
    {
        using var fixture = new DvcFixture("pipeline/after-repro");
        var before = File.ReadAllText(fixture.Of("dvc.lock"));
        var parameters = File.ReadAllText(fixture.Of("params.yaml"));
        fixture.Write("params.yaml", parameters.Replace("lr: 1e-3", "lr: 0.5", StringComparison.Ordinal));
        Assert.Equal("prepare:Unchanged train:Ran evaluate:Ran", Run.Outcomes(await Run.ReproAsync(fixture.Open())));
        Assert.NotEqual(before, File.ReadAllText(fixture.Of("dvc.lock")));
        fixture.Write("params.yaml", parameters);
        Assert.Equal("prepare:Unchanged train:Reused evaluate:Reused", Run.Outcomes(await Run.ReproAsync(fixture.Open())));
        Assert.Equal(before, File.ReadAllText(fixture.Of("dvc.lock")));
    }
}
