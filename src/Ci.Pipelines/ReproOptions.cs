using System.Runtime.InteropServices;

namespace Ci.Pipelines;

/// <summary>How a pipeline is run.</summary>
public sealed record ReproOptions
{
    /// <summary>Stage names, pointers, output paths or files of stages; none means all stages.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The folder in which targets were written; absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Run even what has not changed.</summary>
    public bool Force { get; init; }

    /// <summary>Also run all that depends on a stage that changed.</summary>
    public bool ForceDownstream { get; init; }

    /// <summary>Only the named stages, not what they need.</summary>
    public bool SingleItem { get; init; }

    /// <summary>The named stages and what depends on them, not what they need.</summary>
    public bool Downstream { get; init; }

    /// <summary>Everything that is connected with the named stages.</summary>
    public bool WholePipeline { get; init; }

    /// <summary>Targets may be folders: all stages below them.</summary>
    public bool Recursive { get; init; }

    /// <summary>Targets may hold <c>*</c>, <c>?</c> and <c>[…]</c>.</summary>
    public bool Glob { get; init; }

    /// <summary>Only say what would run.</summary>
    public bool Dry { get; init; }

    /// <summary>Missing data is no reason to run a stage of which nothing else changed.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>Look for earlier runs with the same inputs. Default true.</summary>
    public bool UseRunCache { get; init; } = true;

    /// <summary>Recorded runs alone: no command runs, and a stage of which no run is recorded fails.</summary>
    public bool ReuseOnly { get; init; }

    /// <summary>Take outputs into the cache. Default true.</summary>
    public bool Commit { get; init; } = true;

    /// <summary>What happens after a stage failed.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>Stages that run at the same time at most; 1 runs them in the pipeline's order. Default: one for each processor.</summary>
    public int Jobs { get; init; } = System.Environment.ProcessorCount;

    /// <summary>Gets what is missing from elsewhere; null: nothing is fetched.</summary>
    public IMissingData? Fetching { get; init; }

    /// <summary>The class of accelerator under which earlier runs are looked for, in place of that of this machine.</summary>
    public string? Accelerator { get; init; }

    /// <summary>Between asking a command to end and killing it. Default 10 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The signal by which commands are asked to end; asked when the run is cancelled. Default SIGTERM.</summary>
    public Func<PosixSignal> StopSignal { get; init; } = () => PosixSignal.SIGTERM;

    /// <summary>Cancelled when there is no time for <see cref="Grace"/>.</summary>
    public CancellationToken KillNow { get; init; }

    /// <summary>All variables of the commands; <c>SHELL</c> names the shell.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>A folder put before the commands' PATH, so that they find this very program.</summary>
    public string? PathPrefix { get; init; }
}
