using Ci.Data;
using Ci.Pipelines.Tests;
using Ci.Testing;

namespace Ci.Pipelines.Scheduling.Tests;

/// <summary>A small project of a test's own, and what its runs said.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // commands and modes of a POSIX shell
internal sealed class World : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public World(string yaml)
    {
        Project.Initialize(this.folder.Path);
        this.Write("dvc.yaml", yaml);
    }

    public string Root => this.folder.Path;

    /// <summary>What happened, in the order in which it was told.</summary>
    public List<ReproEvent> Events { get; } = [];

    /// <summary>What happened, at once.</summary>
    public List<ReproEvent> Live { get; } = [];

    public ReproOptions Options => new() { Folder = this.Root, Environment = Run.Environment, Jobs = 4 };

    public string Of(string path) => this.folder.Of(path);

    public string Write(string path, string text) => this.folder.Write(path, text);

    public string Read(string path) => File.ReadAllText(this.Of(path));

    public void Script(string path, string text)
    {
        this.Write(path, "#!/bin/sh\n" + text);
        File.SetUnixFileMode(this.Of(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public Pipeline Load() => Pipeline.Load(Project.Open(this.Root, TimeProvider.System));

    public async Task<bool> ReproAsync(ReproOptions? options = null, CancellationToken ct = default)
    {
        this.Events.Clear();
        this.Live.Clear();
        return await new Reproducer(this.Load(), options ?? this.Options, TimeProvider.System, this.Events.Add) { Live = this.Live.Add }.RunAsync(ct).WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    public async Task<string> OutcomesAsync(ReproOptions? options = null)
    {
        await this.ReproAsync(options);
        return Run.Outcomes(this.Events);
    }

    public Task<StageReasons> WhyAsync(string stage, ReproOptions? options = null)
    {
        var pipeline = this.Load();
        return new WhyReader(pipeline, options ?? this.Options, TimeProvider.System).OfAsync(pipeline.Select([stage], this.Root, alone: true).Single());
    }

    public void Dispose() => this.folder.Dispose();
}
