namespace Ci.Cli.Tests.Dvc;

/// <summary>
/// Every transcript of the real DVC 3.67.1 again, through our own command line: the same exit codes, the same answers of <c>status</c> and
/// <c>checkout</c>, the same stages run, reused and passed over, the same files at the end. What differs on purpose stands beside its reason.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // commands of a POSIX shell
public sealed class DvcTranscriptTests
{
    private const string ExecutableBit = "a changed mode is said, which DVC passes over";
    private const string Moved = "the fixture's addresses were made neutral after the files had got their checksums: both tools say `changed checksum`";
    private const string Nan = "a NaN equals itself, or its stage would never be up to date";

    [Fact]
    public async Task Single_files()
    {
        using var replay = new Replay("single_file");
        replay.Take("empty.bin", "crlf.txt", "data/raw/x.csv", "tool.sh");
        replay.Write("data.csv", Object("single_file", "e5ebd4c02cefbe7955977c67ada242b7"));
        replay.Shell("chmod +x tool.sh");
        await replay.RunAsync(new() { [8] = r => r.Take("data.csv") }, []);
        Assert.Equal("", replay.Differences);
        Assert.Empty(replay.Unlike(path => path.EndsWith(".dvc", StringComparison.Ordinal) || path.Contains("/cache/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Folders()
    {
        using var replay = new Replay("directory");
        replay.Take("data", "other", ".dvcignore");
        replay.Shell("mkdir -p data/emptydir; rm data/new.txt; echo a > data/a.txt; echo b > data/b.txt");
        await replay.RunAsync(new() { [0] = r => r.Shell("mv .dvcignore kept"), [1] = r => r.Shell("mv kept .dvcignore"), [4] = r => r.Take("data/b.txt", "data/new.txt") }, []);
        Assert.Equal("", replay.Differences);
        Assert.Empty(replay.Unlike(path => path == "data.dvc" || path.EndsWith(".dir", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Flags_of_stages_and_outputs()
    {
        using var replay = new Replay("flags");
        replay.Take("dvc.yaml");
        replay.Write("in.txt", "1\n");
        await replay.RunAsync(
            new()
            {
                [3] = r => r.Write(".dvc/config", "[core]\n    remote = other\n['remote \"local\"']\n    url = ../../two\n['remote \"other\"']\n    url = ../../three\n"),
                [8] = r => r.Write("in.txt", "2\n"),
                [9] = r => r.Write("dvc.yaml", r.Read("dvc.yaml").Replace("    outs: [fro.txt]\n", "    outs: [fro.txt]\n    frozen: true\n", StringComparison.Ordinal)),
                [15] = r => r.Take("dvc.yaml"),
            },
            new() { [17] = ExecutableBit, [19] = ExecutableBit },
            new() { [13] = "what a frozen stage does without its output is the scheduler's", [15] = "as before" });
        Assert.Equal("", replay.Differences);
    }

    [Theory]
    [InlineData("foreach", "dvc.yaml params.yaml")]
    [InlineData("matrix", "dvc.yaml params.yaml")]
    [InlineData("vars", "dvc.yaml params.yaml v.yaml v.json")]
    [InlineData("topplots", "dvc.yaml logs.csv conf.csv m.yaml m.toml p.json")]
    public async Task Templates(string name, string files)
    {
        using var replay = new Replay(name);
        replay.Take(files.Split(' '));
        var edits = new Dictionary<int, Action<Replay>>();
        if (name == "matrix")
        {
            edits[1] = r => r.Write("dvc.yaml", r.Read("dvc.yaml").Replace("    matrix:\n", "    name: x\n    matrix:\n", StringComparison.Ordinal));
            edits[2] = r => r.Take("dvc.yaml");
        }

        if (name == "vars")
            edits[8] = r => r.Write(".dvc/config", "[parsing]\n    bool = boolean_optional\n    list = append\n");
        await replay.RunAsync(edits, []);
        Assert.Equal("", replay.Differences);
        Assert.Empty(replay.Unlike(path => path is "dvc.lock" or ".gitignore" || path.Contains("/cache/files/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Commands_of_several_lines_and_folders_of_their_own()
    {
        using var replay = new Replay("multicmd");
        replay.Take("dvc.yaml", "params.yaml", "sub/in.txt", "sub/params.yaml");
        await replay.RunAsync(
            new()
            {
                [5] = r => r.Write("fail/dvc.yaml", "stages:\n  bad:\n    cmd:\n    - echo x > x.txt\n    - exit 3\n    outs: [x.txt]\n  dep:\n    cmd: cp x.txt y.txt\n    deps: [x.txt]\n    outs: [y.txt]\n  indep:\n    cmd: echo z > z.txt\n    outs: [z.txt]\n"),
            },
            [],
            new()
            {
                [5] = "stages go in the order in which they are written, not as DVC's graph happens to hold them",
                [6] = "`--keep-going` is the scheduler's",
                [7] = "`--interactive` is the scheduler's",
            });
        Assert.Equal("", replay.Differences);
        Assert.Empty(replay.Unlike(path => path == "dvc.lock"));
    }

    [Fact]
    public async Task Unusual_names_and_values()
    {
        using var replay = new Replay("nonascii");
        replay.Take("dvc.yaml", "params.yaml", "данные/файл один.txt");
        replay.Write("dvc.yaml", replay.Read("dvc.yaml").Replace("stage_1-x", "стадия", StringComparison.Ordinal));
        await replay.RunAsync(
            new() { [4] = r => r.Take("dvc.yaml") },
            new() { [2] = Nan, [3] = Nan, [5] = Nan, [6] = Nan });
        Assert.Equal("", replay.Differences);
        Assert.Empty(replay.Unlike(path => path.EndsWith(".dvc", StringComparison.Ordinal) || path is "dvc.lock" or ".gitignore"));
    }

    [Fact]
    public async Task Parameters_in_Python()
    {
        const string nested = "a tuple inside a dict is the list that the lock holds; to DVC it is modified for ever";
        using var replay = new Replay("pyparams");
        replay.Take("params.py", "dvc.yaml");
        replay.Write("params.yaml", "a: 2\nb: 1.0\nm: {z: 1, y: 2}\n");
        replay.Write("dvc.yaml", replay.Read("dvc.yaml").Replace("    - m\n", "    - m\n    - a\n", StringComparison.Ordinal));
        await replay.RunAsync(
            new()
            {
                [3] = r => r.Write("params.yaml", "a: 3\nb: 1.0\nm: {z: 1, y: 2}\n"),
                [5] = r => r.Write("params.yaml", "b: 1.0\n"),
                [7] = r =>
                {
                    r.Write("dvc.yaml", r.Read("dvc.yaml").Replace("    - a\n", "", StringComparison.Ordinal));
                    r.Shell("rm o.txt");
                },
                [8] = r => r.Take("params.yaml"),
            },
            new() { [2] = nested, [3] = nested, [5] = nested, [7] = nested, [8] = nested, [9] = nested });
        Assert.Equal("", replay.Differences);
        await replay.DoAsync("repro", "--force");
        Assert.Empty(replay.Unlike(path => path is "dvc.lock" or ".gitignore"));
    }

    [Fact]
    public async Task Runs_that_are_reused()
    {
        using var replay = new Replay("runcache");
        replay.Take("dvc.yaml", "d/b");
        replay.Write("d/a", "1\n");
        await replay.RunAsync(
            new()
            {
                [2] = r => r.Write("d/a", "10\n"),
                [3] = r => r.Write("d/a", "1\n"),
                [4] = r => r.Write("d/a", "10\n"),
                [5] = r => r.Take("d"),
            },
            [],
            new() { [5] = "`--no-commit` is the scheduler's", [6] = "as before", [7] = "as before" });
        Assert.Equal("", replay.Differences);
        Assert.Empty(replay.Unlike(path => path == "dvc.lock"));
    }

    [Fact]
    public async Task What_DVC_2_left()
    {
        using var replay = new Replay("legacy2x");
        replay.Write("crlf.txt", "a\r\nb\r\n");
        replay.Write("crlf.txt.dvc", "outs:\n- md5: dd8c6a395b5dd36c56d23275028f526c\n  size: 6\n  path: crlf.txt\n");
        replay.Write(".gitignore", "/crlf.txt\n");
        await replay.RunAsync(
            new()
            {
                [1] = r => r.Take(".dvc/cache/dd/8c6a395b5dd36c56d23275028f526c"),
                [5] = r => r.Take("crlf.txt"),
                [7] = r => r.Take("bin.dat", "bin.dat.dvc"),
                [8] = r => r.Take("dvc.lock"),
            },
            []);
        Assert.Equal("", replay.Differences);
        Assert.Empty(replay.Unlike(path => !path.EndsWith(".dvc/config", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_imported()
    {
        using var replay = new Replay("imports");
        await replay.RunAsync(
            new() { [1] = Fetch },
            new()
            {
                [6] = Moved, [7] = Moved,
                [9] = "whether an import can be updated is not asked of its repository by every `status`: any commit there would say so",
            });
        Assert.Equal("", replay.Differences);

        static void Fetch(Replay replay) => replay.Take(".dvc", "d.txt", "d.txt.dvc", "dd2", "dd2.dvc", "ext.txt", "ext.txt.dvc", "git.txt", "git.txt.dvc", ".gitignore");
    }

    [Fact]
    public async Task What_is_wrong_ends_with_the_same_codes()
    {
        using var replay = new Replay("errors");
        replay.Write("gitf", "x");
        replay.Shell("rm -rf .git; git init -q; git add gitf; git -c user.name=a -c user.email=a@b commit -qm g; echo > ../out");
        await replay.RunAsync(
            new()
            {
                [69] = r => r.Write("params.yaml", "d: 2020-01-01\n"),
                [71] = r => r.Write("dvc.lock", "schema: '3.0'\nstages: {}\n"),
                [72] = r => r.Write("dvc.lock", "schema: '2.0'\n- [\n"),
                [73] = r => r.Write("dvc.lock", "stages:\n  a: {}\n"),
                [89] = r => r.Shell("rm -rf .dvc"),
            },
            new()
            {
                [45] = "an output outside of the project is refused before its command runs",
                [69] = "a date is the text that was written, and no reason to fail",
                [82] = "a remote that does not exist is an error, and deletes no output",
            });
        Assert.Equal("", replay.Differences);
    }

    [Fact]
    public async Task A_pipeline_from_its_first_run_to_a_pull()
    {
        using var replay = new Replay("pipeline", "after-repro");
        replay.Take("src", "conf", "dvc.yaml", "params.yaml", "data/raw.csv");
        await replay.RunAsync(
            new()
            {
                [19] = r => r.Write(".dvc/config", "[core]\n    remote = local\n['remote \"local\"']\n    url = ../../store\n"),
                [29] = r => r.Write("params.yaml", r.Read("params.yaml").Replace("lr: 1e-3", "lr: 0.0125", StringComparison.Ordinal)),
                [53] = r => r.Write("params.yaml", r.Read("params.yaml").Replace("lr: 0.0125", "lr: 0.1", StringComparison.Ordinal)),
            },
            [],
            new()
            {
                [19] = "`--cloud` is the remotes'", [20] = "as before", [23] = "as before",
                [56] = "what Git had put back before is not in the transcript", [57] = "as before",
            });
        Assert.Equal("", replay.Differences);
    }

    private static string Object(string name, string md5) =>
        File.ReadAllText(Ci.Testing.RepositoryRoot.At("tests", "Fixtures", "dvc", name, "tree", ".dvc", "cache", "files", "md5", md5[..2], md5[2..]));
}
