using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>What the check of a table found, as far as a report shows it.</summary>
public sealed record ReportDataCheck
{
    internal const int MostRows = 200;

    public required CheckOutcome Outcome { get; init; }

    public required string Path { get; init; }

    public string? Sha256 { get; init; }

    public required long Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>The schema file; null where only drift was looked at.</summary>
    public string? Schema { get; init; }

    public int Rules { get; init; }

    public string? ReferencePath { get; init; }

    public string? ReferenceSha256 { get; init; }

    public long? ReferenceRows { get; init; }

    /// <summary>The broken rules, in the schema's order.</summary>
    public IReadOnlyList<Breach> Breaches { get; init => field = value ?? []; } = [];

    public int MoreBreaches { get; init; }

    /// <summary>Tests of drift: what failed first, then what is open, then the rest, the greatest distance first.</summary>
    public IReadOnlyList<DriftResult> Drift { get; init => field = value ?? []; } = [];

    /// <summary>Tests beyond those listed; all of them passed unless a hundred others did not.</summary>
    public int MoreDrift { get; init; }

    /// <summary>All broken rules, those not listed too.</summary>
    internal int BrokenRules => this.Breaches.Count + this.MoreBreaches;

    /// <summary>What a report keeps of a check.</summary>
    public static ReportDataCheck Of(DataCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var drift = check.Drift.OrderBy(result => Rank(result.Outcome)).ThenByDescending(result => result.Distance).ThenBy(result => result.Column, StringComparer.Ordinal);
        return new ReportDataCheck
        {
            Outcome = check.Outcome,
            Path = check.Data.Path,
            Sha256 = check.Data.Sha256,
            Rows = check.Data.Rows,
            Columns = check.Data.Columns,
            Schema = check.Against?.Path,
            Rules = check.Rules,
            ReferencePath = check.Reference?.Path,
            ReferenceSha256 = check.Reference?.Sha256,
            ReferenceRows = check.Reference?.Rows,
            Breaches = [.. check.Breaches.Take(MostRows)],
            MoreBreaches = check.MoreBreaches + Math.Max(0, check.Breaches.Count - MostRows),
            Drift = [.. drift.Take(MostRows)],
            MoreDrift = Math.Max(0, check.Drift.Count - MostRows),
        };
    }

    internal static int Rank(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Fail => 0,
        CheckOutcome.Inconclusive => 1,
        _ => 2,
    };
}
