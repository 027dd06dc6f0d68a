using Ci.Data;

namespace Ci.Pipelines.Tests;

/// <summary>Projects whose <c>dvc.yaml</c> is a template, run again and compared with what the real DVC wrote.</summary>
public sealed class DvcTemplatingTests
{
    [Theory]
    [InlineData("foreach/tree", "out-us.txt out-uk.txt l-a.txt l-b.txt l-3.txt n-raw.txt d-x.txt d-y.txt")]
    [InlineData("matrix/tree", "cnn-1-feat0.txt cnn-1-feat1.txt cnn-2.5-feat0.txt xgb-2.5-feat1.txt")]
    [InlineData("vars/tree", "here.txt u.txt")]
    [InlineData("topplots/tree", "model.bin")]
    public async Task A_run_writes_what_DVC_wrote(string name, string outputs)
    {
        using var fixture = new DvcFixture(name);
        fixture.Remove(["dvc.lock", ".gitignore", ".dvc/cache", .. outputs.Split(' ')]);
        await Run.ReproAsync(fixture.Open());
        var actual = DvcFixture.Contents(fixture.Root);
        foreach (var (path, text) in DvcFixture.Contents(fixture.Original).Where(f => !f.Key.StartsWith(".dvc/cache/runs", StringComparison.Ordinal) && Belongs(f.Key, fixture)))
            Assert.Equal((path, text), (path, actual.GetValueOrDefault(path)));
        Assert.All(await Run.ReproAsync(fixture.Open()), e => Assert.Equal(ReproEventKind.Unchanged, e.Kind));
    }

    [Theory]
    [InlineData("build", "build@us build@uk")]
    [InlineData("build@uk", "build@uk")]
    [InlineData("dvc.yaml:list@3", "list@3")]
    [InlineData("dvc.yaml", "build@us build@uk list@a list@b list@3 named@raw named@clean one dictlist@0 dictlist@1")]
    public void A_target_without_its_key_means_all_that_came_of_it(string target, string expected)
    {
        using var fixture = new DvcFixture("foreach/tree");
        Assert.Equal(expected, string.Join(' ', Pipeline.Load(fixture.Open()).Select([target], fixture.Root, alone: true).Select(s => s.Name)));
    }

    [Fact]
    public void A_lock_of_unusual_names_and_values_is_written_as_it_was_read()
    {
        using var fixture = new DvcFixture("nonascii/tree");
        var file = LockFile.Read(fixture.Open(), fixture.Root);
        file.Put("spaces", file["spaces"]!);
        Assert.Equal(File.ReadAllText(Path.Combine(fixture.Original, "dvc.lock")), File.ReadAllText(fixture.Of("dvc.lock")));
        Assert.Equal("", string.Join(' ', StatusReader.All(Pipeline.Load(fixture.Open())).Select(c => c.Name)));
    }

    [Fact]
    public void Flags_of_stages_and_outputs_are_read_as_DVC_reads_them()
    {
        using var fixture = new DvcFixture("flags/tree");
        // Its last command took the bit that makes tool.sh executable, which DVC does not see.
        Assert.Equal("exe always nodeps", string.Join(' ', StatusReader.All(Pipeline.Load(fixture.Open())).Select(c => c.Name)));
    }

    [Fact]
    public void What_stands_at_the_top_level_is_read_and_files_that_vars_name_hold_parameters()
    {
        using var fixture = new DvcFixture("topplots/tree");
        var pipeline = Pipeline.Load(fixture.Open());
        var artifact = Assert.Single(pipeline.TopLevel.Artifacts);
        Assert.Equal(("mymodel", fixture.Of("model.bin"), "model"), (artifact.Name, artifact.FullPath, artifact.Type));
        Assert.Equal(["logs.csv", "multi", "conf.csv"], pipeline.Plots.Select(p => p.Name));
        Assert.Equal(["acc", "loss"], pipeline.Plots[1].Series.Select(s => s.Y));
        Assert.Equal(["p.json"], new ValueReader(pipeline).ParameterFiles);

        using var variables = new DvcFixture("vars/tree");
        var values = new ValueReader(Pipeline.Load(variables.Open()));
        Assert.Equal(["params.yaml", "v.json", "v.yaml"], values.ParameterFiles);
        Assert.True(values.IsParameter("v.yaml", "k.z") && !values.IsParameter("v.yaml", "unused"));
    }

    [Theory]
    [InlineData("artifacts:\n  My_Model: {path: m}\n", "dvc.yaml:2:")]
    [InlineData("artifacts:\n  m: {path: ../m}\n", "outside")]
    [InlineData("artifacts:\n  m: {pth: m}\n", "did you mean `path`")]
    [InlineData("datasets:\n- name: d\n  url: u\n  type: url\n", "dvc.yaml:2:")]
    [InlineData("plots:\n- p.csv: {z: 1}\n", "unknown key `z`")]
    [InlineData("stages:\n  a:\n    foreach: 3\n    do: {cmd: x}\n", "dvc.yaml:3:")]
    [InlineData("stages:\n  a:\n    foreach: [1]\n", "without `do`")]
    [InlineData("stages:\n  a:\n    matrix: {m: 3}\n    cmd: x\n", "must be a list")]
    [InlineData("stages:\n  a:\n    foreach: [a]\n    do: {cmd: 'echo ${item.x}'}\n", "could not find `item.x`")]
    [InlineData("vars:\n- x: {y: 1}\nstages:\n  a: {cmd: 'echo ${x}', outs: ['${x}']}\n", "only single values")]
    [InlineData("vars: [nofile.yaml]\n", "does not exist")]
    public void What_cannot_be_meant_is_refused_with_its_place(string yaml, string expected)
    {
        using var fixture = new DvcFixture("foreach/tree");
        fixture.Write("dvc.yaml", yaml);
        var error = Assert.ThrowsAny<Exception>(() => Pipeline.Load(fixture.Open()));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_foreach_passes_as_with_DVC_but_is_said()
    {
        using var fixture = new DvcFixture("foreach/tree");
        fixture.Write("dvc.yaml", "stages:\n  a:\n    foreach: []\n    do: {cmd: x}\n");
        var pipeline = Pipeline.Load(fixture.Open());
        Assert.Empty(pipeline.Stages);
        Assert.Contains("dvc.yaml:3", Assert.Single(pipeline.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_ignored_and_oddly_named_files_gets_the_digest_that_DVC_gave_it()
    {
        using var fixture = new DvcFixture("directory/tree");
        fixture.Remove(".dvc/cache", "data.dvc");
        var project = fixture.Open();
        new PointerFile(fixture.Of("data.dvc"), fixture.Of("data"), null).Write(project.Workspace.Save(fixture.Of("data")));
        Assert.Equal(File.ReadAllText(Path.Combine(fixture.Original, "data.dvc")), File.ReadAllText(fixture.Of("data.dvc")));
        const string listing = ".dvc/cache/files/md5/72/5a316c07b0d101d11baa7f865f6f93.dir";
        Assert.Equal(File.ReadAllText(Path.Combine(fixture.Original, listing)), File.ReadAllText(fixture.Of(listing)));
        Assert.Throws<DataException>(() => project.Workspace.Save(fixture.Of("data/skip")));
    }

    // The cache also keeps what earlier runs, made with other settings, had written.
    private static bool Belongs(string path, DvcFixture fixture) =>
        !path.StartsWith(".dvc/cache/files", StringComparison.Ordinal) || File.Exists(fixture.Of(path)) || !fixture.Original.Contains("vars", StringComparison.Ordinal);
}
