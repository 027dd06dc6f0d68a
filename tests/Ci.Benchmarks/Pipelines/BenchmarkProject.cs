using Ci.Benchmarks.Processes;

namespace Ci.Benchmarks.Pipelines;

/// <summary>A project to measure in.</summary>
internal sealed class BenchmarkProject
{
    private const int FileBytes = 2048;
    private const int PieceBytes = 1 << 20;

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["SHELL"] = "/bin/sh", ["DVC_NO_ANALYTICS"] = "1", ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_AUTHOR_NAME"] = "Ada", ["GIT_AUTHOR_EMAIL"] = "ada@acme.example", ["GIT_COMMITTER_NAME"] = "Ada", ["GIT_COMMITTER_EMAIL"] = "ada@acme.example",
    };

    private readonly string folder;
    private readonly string store;
    private readonly string aside;
    private int asides;

    public BenchmarkProject(string folder)
    {
        this.folder = folder;
        this.store = folder + "-store";
        this.aside = Directory.CreateDirectory(folder + "-aside").FullName;
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(Path.Combine(folder, ".dvc", "tmp"));
        File.WriteAllText(Path.Combine(folder, ".dvc", "config"), $"[core]\n    remote = s\n    no_scm = true\n    analytics = false\n['remote \"s\"']\n    url = {this.store}\n");
    }

    public Measured Mlops(params string[] arguments) => this.Tool(BenchmarkTools.Mlops, arguments);

    public Measured Peer(params string[] arguments) => this.Tool(BenchmarkTools.Dvc!, arguments);

    public Measured Tool(string program, params string[] arguments) => MeasuredProcess.Measure(program, arguments, Environment, this.folder);

    public void Git(params string[] arguments) => this.Tool("/usr/bin/git", arguments);

    /// <summary>Nothing is known and nothing cached.</summary>
    public Measured Cold(string[] arguments)
    {
        this.Forget();
        return this.Mlops(arguments);
    }

    public Measured ColdPeer(string[] arguments)
    {
        this.Forget();
        return this.Peer(arguments);
    }

    public Measured ColdPush(Func<BenchmarkProject, Measured> push)
    {
        this.PutAside(this.store);
        return push(this);
    }

    public Measured WithoutData(Func<BenchmarkProject, Measured> checkout)
    {
        this.PutAside(Path.Combine(this.folder, "data"));
        return checkout(this);
    }

    public Measured CopyData() => this.Tool("/bin/cp", "-r", "data", Path.Combine(this.aside, $"{this.asides++}"));

    public void WriteChain(int stages)
    {
        this.Write("params.yaml", string.Concat(Enumerable.Range(0, stages).Select(i => FormattableString.Invariant($"p{i}: {i}\n"))));
        this.Write("o0", "begin\n");
        this.Write("metrics.json", "{\"rmse\": 1.5}\n");
        this.Write(".gitignore", string.Concat(Enumerable.Range(1, stages).Select(i => FormattableString.Invariant($"/o{i}\n"))) + "/.dvc/tmp\n/.dvc/cache\n");
        this.Write("dvc.yaml", "metrics: [metrics.json]\nstages:\n" + string.Concat(Enumerable.Range(0, stages).Select(i =>
            FormattableString.Invariant($"  s{i}:\n    cmd: cp o{i} o{i + 1}\n    deps: [o{i}]\n    params: [p{i}]\n    outs: [o{i + 1}]\n"))));
    }

    public void ChangeMetric() => this.Write("metrics.json", "{\"rmse\": 1.25}\n");

    public void WriteFiles(int count)
    {
        var random = new Random(1);
        var bytes = new byte[FileBytes];
        for (var i = 0; i < count; i++)
        {
            var inner = Directory.CreateDirectory(Path.Combine(this.folder, "data", FormattableString.Invariant($"{i / 1000}"))).FullName;
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(inner, FormattableString.Invariant($"{i}.bin")), bytes);
        }
    }

    public void WriteLarge(long length)
    {
        var random = new Random(2);
        var bytes = new byte[PieceBytes];
        using var file = File.Create(Path.Combine(this.folder, "large.bin"));
        for (; length > 0; length -= bytes.Length)
        {
            random.NextBytes(bytes);
            file.Write(bytes.AsSpan(0, (int)Math.Min(bytes.Length, length)));
        }
    }

    /// <summary>The same files in a project of the peer's own.</summary>
    public BenchmarkProject Copy(string place)
    {
        var copy = new BenchmarkProject(place);
        this.Tool("/bin/cp", "-r", "data", Path.Combine(place, "data"));
        return copy;
    }

    private void Forget()
    {
        this.PutAside(Path.Combine(this.folder, ".dvc", "cache"));
        this.PutAside(Path.Combine(this.folder, ".dvc", "tmp"));
        foreach (var pointer in Directory.EnumerateFiles(this.folder, "*.dvc"))
            File.Delete(pointer);
    }

    // Not deleted: ext4 searches long for inodes that were not freed in the last seconds, which would be measured, too.
    private void PutAside(string path)
    {
        if (Directory.Exists(path))
            Directory.Move(path, Path.Combine(this.aside, $"{this.asides++}"));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(this.folder, name), text);
}
