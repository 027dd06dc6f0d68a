namespace Ci.Cli.Tests;

public sealed class RearrangeVerbsTests
{
    private const string Stages = """
        # head comment
        vars:
        - k: 1

        stages:
          # about a
          a:
            cmd: echo a > a.txt   # trailing
            outs:
            - a.txt

          # about b
          b:
            cmd: |
              cat a.txt > b.txt

              cat a.txt >> b.txt
            deps: [a.txt]
            outs:
            - b.txt:
                persist: true
          c:
            cmd: echo c > c.txt
            outs: [c.txt]
        # tail comment

        """;

    [Fact]
    public async Task Removing_a_stage_leaves_every_other_character_of_the_file_and_its_outputs()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", Stages);
        await world.OkAsync("repro");
        await world.OkAsync("remove", "b");
        var start = Stages.IndexOf("  b:\n", StringComparison.Ordinal);
        Assert.Equal(Stages.Remove(start, Stages.IndexOf("  c:\n", StringComparison.Ordinal) - start), world.Read("r/dvc.yaml"));
        Assert.DoesNotContain("  b:", world.Read("r/dvc.lock"), StringComparison.Ordinal);
        Assert.Contains("  a:", world.Read("r/dvc.lock"), StringComparison.Ordinal);
        Assert.Equal("/a.txt\n/c.txt\n", world.Read("r/.gitignore"));
        Assert.True(File.Exists(world.Of("r/b.txt")));
        await world.OkAsync("rm", "a", "--outs");
        Assert.False(File.Exists(world.Of("r/a.txt")));
        await world.OkAsync("remove", "c");
        Assert.Contains("vars:\n- k: 1\n\nstages: {}\n", world.Read("r/dvc.yaml"), StringComparison.Ordinal);
        Assert.False(File.Exists(world.Of("r/dvc.lock")));
        Assert.False(File.Exists(world.Of("r/.gitignore")));
    }

    [Fact]
    public async Task Removing_refuses_what_it_cannot_take_out_and_then_changes_nothing()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", "stages:\n  each:\n    foreach: [x, y]\n    do: {cmd: 'echo ${item}'}\n  one: {cmd: echo, outs: [o]}\n");
        world.Write("r/d.txt", "d");
        await world.OkAsync("add", "d.txt");
        var before = world.Read("r/dvc.yaml");
        Assert.Contains("foreach or matrix", await world.FailsAsync(1, "remove", "one", "each@x"), StringComparison.Ordinal);
        Assert.Contains("several stages", await world.FailsAsync(1, "remove", "each"), StringComparison.Ordinal);
        Assert.Contains("name the file that tracks it: `d.txt.dvc`", await world.FailsAsync(1, "remove", "d.txt"), StringComparison.Ordinal);
        Assert.Contains("did you mean `one`", await world.FailsAsync(1, "remove", "onee"), StringComparison.Ordinal);
        Assert.Equal(before, world.Read("r/dvc.yaml"));
        await world.OkAsync("remove", "d.txt.dvc");
        Assert.Equal((true, false, false), (File.Exists(world.Of("r/d.txt")), File.Exists(world.Of("r/d.txt.dvc")), File.Exists(world.Of("r/.gitignore"))));
    }

    [Fact]
    public async Task Moving_takes_data_pointer_and_ignore_along_and_keeps_what_people_wrote()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/fo/1", "1");
        await world.OkAsync("add", "fo");
        world.Write("r/fo.dvc", world.Read("r/fo.dvc") + "desc: the first  # by hand\n");
        Assert.Contains("git add fo.dvc gg.dvc .gitignore", await world.OkAsync("move", "fo", "gg"), StringComparison.Ordinal);
        Assert.Equal("/gg\n", world.Read("r/.gitignore"));
        Assert.EndsWith("  path: gg\ndesc: the first  # by hand\n", world.Read("r/gg.dvc"), StringComparison.Ordinal);
        Directory.CreateDirectory(world.Of("r/q"));
        await world.OkAsync("mv", "gg", "q");
        Assert.Equal(("1", "/gg\n", false, false), (world.Read("r/q/gg/1"), world.Read("r/q/.gitignore"), Path.Exists(world.Of("r/gg")), File.Exists(world.Of("r/.gitignore"))));
        Assert.Equal("{}", (await world.OkAsync("status", "--json")).Trim());
        world.Write("r/other", "o");
        Assert.Contains("`other` exists already", await world.FailsAsync(1, "move", "q/gg", "other"), StringComparison.Ordinal);
        Assert.Contains("is no tracked data", await world.FailsAsync(1, "move", "other", "x"), StringComparison.Ordinal);
        world.Write("r/dvc.yaml", "stages:\n  m: {cmd: echo > o, outs: [o]}\n");
        Assert.Contains("is made by stage `m`", await world.FailsAsync(1, "move", "o", "x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pointer")]
    [InlineData("data")]
    public async Task A_move_that_was_killed_goes_on_where_it_was(string reached)
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/fo/1", "1");
        await world.OkAsync("add", "fo");
        // What the disk looks like when the process ends after it wrote the new pointer, or after it moved the data.
        world.Write("r/gg.dvc", world.Read("r/fo.dvc").Replace("path: fo", "path: gg", StringComparison.Ordinal));
        world.Write("r/.gitignore", "/fo\n/gg\n");
        if (reached == "data")
            Directory.Move(world.Of("r/fo"), world.Of("r/gg"));
        await world.OkAsync("move", "fo", "gg");
        Assert.Equal(("1", "/gg\n", false), (world.Read("r/gg/1"), world.Read("r/.gitignore"), File.Exists(world.Of("r/fo.dvc"))));
        Assert.Equal("{}", (await world.OkAsync("status", "--json")).Trim());
    }

    [Fact]
    public async Task A_stage_is_added_as_DVC_writes_it_behind_what_stands_there()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", Stages);
        Directory.CreateDirectory(world.Of("r/q"));
        Assert.StartsWith("Added stage 'st' in 'dvc.yaml'\n", await world.OkAsync(
            "stage", "add", "-n", "st", "-d", "d.txt", "-d", "a", "-o", "out.bin", "-O", "o2", "-p", "x,y", "-p", "z.yaml:k,l", "-p", "w.toml:", "-m", "m1.json", "-M", "m2.json", "--plots", "p.csv", "--outs-persist", "pp", "--desc", "hello", "-w", "q", "python x.py"), StringComparison.Ordinal);
        const string added = "  st:\n    desc: hello\n    cmd: python x.py\n    wdir: q\n    deps:\n    - a\n    - d.txt\n    params:\n    - x\n    - y\n    - w.toml:\n    - z.yaml:\n      - k\n      - l\n"
            + "    outs:\n    - o2:\n        cache: false\n    - out.bin\n    - pp:\n        persist: true\n    metrics:\n    - m1.json\n    - m2.json:\n        cache: false\n    plots:\n    - p.csv\n";
        Assert.Equal(Stages.Replace("# tail comment\n", added + "# tail comment\n", StringComparison.Ordinal), world.Read("r/dvc.yaml"));
        Assert.Equal(["/m1.json", "/out.bin", "/p.csv", "/pp"], world.Read("r/q/.gitignore").TrimEnd().Split('\n').Order(StringComparer.Ordinal));
        var before = world.Read("r/dvc.yaml");
        Assert.Contains("--force replaces it", await world.FailsAsync(255, "stage", "add", "-n", "a", "echo"), StringComparison.Ordinal);
        Assert.Contains("made by both", await world.FailsAsync(255, "stage", "add", "-n", "new", "-o", "a.txt", "echo"), StringComparison.Ordinal);
        Assert.Contains("is no name for a stage", await world.FailsAsync(255, "stage", "add", "-n", "a/b", "echo"), StringComparison.Ordinal);
        Assert.Equal(before, world.Read("r/dvc.yaml"));
        await world.OkAsync("stage", "add", "-n", "a", "--force", "-o", "a.txt", "--", "echo", "a b", "--flag");
        Assert.Contains("  # about a\n  a:\n    cmd: echo \"a b\" --flag\n    outs:\n    - a.txt\n\n  # about b\n", world.Read("r/dvc.yaml"), StringComparison.Ordinal);
    }
}
