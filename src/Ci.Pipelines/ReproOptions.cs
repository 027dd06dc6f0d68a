namespace Ci.Pipelines;

/// <summary>How a pipeline is run.</summary>
public sealed record ReproOptions
{
    /// <summary>Stage names or output paths; none means all stages.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The folder in which targets were written; absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Run even what has not changed.</summary>
    public bool Force { get; init; }

    /// <summary>Only the named stages, not what they need.</summary>
    public bool SingleItem { get; init; }

    /// <summary>Only say what would run.</summary>
    public bool Dry { get; init; }

    /// <summary>Look for earlier runs with the same inputs. Default true.</summary>
    public bool UseRunCache { get; init; } = true;

    /// <summary>All variables of the commands; <c>SHELL</c> names the shell.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>A folder put before the commands' PATH, so that they find this very program.</summary>
    public string? PathPrefix { get; init; }
}
