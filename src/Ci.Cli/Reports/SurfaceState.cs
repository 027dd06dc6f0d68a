namespace Ci.Cli.Reports;

/// <summary>What became of one surface.</summary>
internal enum SurfaceState
{
    /// <summary>It is there.</summary>
    Posted,

    /// <summary>An option switched it off, or the job has none.</summary>
    Skipped,

    /// <summary>A rule or missing right forbids it; the reason names the permission.</summary>
    Refused,

    /// <summary>The forge did not answer.</summary>
    Unavailable,
}
