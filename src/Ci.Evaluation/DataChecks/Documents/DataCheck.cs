using System.Text.Json;

namespace Ci.Evaluation;

/// <summary><c>data-check.json</c>: what a check of one table found. The same table, schema and reference give the same bytes.</summary>
public sealed record DataCheck
{
    public const string CurrentSchema = "mlops.data-check/v1";

    /// <summary>Bytes that a document may have.</summary>
    public const int MostBytes = 16 << 20;

    public string Schema { get; init; } = CurrentSchema;

    public required CheckOutcome Outcome { get; init; }

    public required CheckedData Data { get; init; }

    /// <summary>What drift was measured against; null where there was no reference.</summary>
    public CheckedData? Reference { get; init; }

    /// <summary>Null where only drift was looked at.</summary>
    public CheckedSchema? Against { get; init; }

    /// <summary>How many rules were looked at.</summary>
    public int Rules { get; init; }

    /// <summary>The rules that are broken, in the file's order; at most 1,000.</summary>
    public IReadOnlyList<Breach> Breaches { get; init => field = value ?? []; } = [];

    /// <summary>Broken rules beyond those listed.</summary>
    public int MoreBreaches { get; init; }

    /// <summary>One row a test, in the order of columns; empty without a reference.</summary>
    public IReadOnlyList<DriftResult> Drift { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ColumnFacts> Columns { get; init => field = value ?? []; } = [];

    /// <summary>Reads a document: strict about what it knows, blind to fields that it does not know.</summary>
    /// <exception cref="EvaluationException">Too large, not JSON, another schema, or an outcome that its findings contradict.</exception>
    public static DataCheck Read(ReadOnlySpan<byte> json)
    {
        var check = Document.Read(json, MostBytes, CurrentSchema, "a data check", EvaluationJson.Default.DataCheck);
        DataCheckRules.Check(check);
        return check;
    }

    /// <summary>The document as indented UTF-8 JSON that ends in a line feed.</summary>
    /// <exception cref="EvaluationException">A number is not finite, or the outcome contradicts the findings.</exception>
    public byte[] ToBytes()
    {
        DataCheckRules.Check(this);
        return [.. JsonSerializer.SerializeToUtf8Bytes(this, EvaluationJson.Default.DataCheck), (byte)'\n'];
    }

    /// <summary>The outcome of all findings together: fail if any does, else inconclusive if any is, else pass.</summary>
    public static CheckOutcome Of(IReadOnlyList<Breach> breaches, IReadOnlyList<DriftResult> drift)
    {
        ArgumentNullException.ThrowIfNull(breaches);
        ArgumentNullException.ThrowIfNull(drift);
        if (breaches.Count > 0 || drift.Any(result => result.Outcome == CheckOutcome.Fail))
            return CheckOutcome.Fail;
        return drift.Any(result => result.Outcome == CheckOutcome.Inconclusive) ? CheckOutcome.Inconclusive : CheckOutcome.Pass;
    }
}
