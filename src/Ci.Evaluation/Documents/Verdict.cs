using System.Text.Json;

namespace Ci.Evaluation;

/// <summary><c>verdict.json</c>: one row a gate, and the outcome of all of them: regress if any gate says so, else inconclusive if any, else pass.</summary>
public sealed record Verdict
{
    public const string CurrentSchema = "mlops.verdict/v1";

    /// <summary>Bytes that a document may have.</summary>
    public const int MostBytes = 4 << 20;

    public string Schema { get; init; } = CurrentSchema;

    public required Outcome Outcome { get; init; }

    /// <summary>The metric that decides and its change; null where no metric was compared or measured.</summary>
    public Headline? Headline { get; init; }

    public required ComparedModel Candidate { get; init; }

    /// <summary>Null where nothing was live to compare with.</summary>
    public ComparedModel? Baseline { get; init; }

    public required IReadOnlyList<GateResult> Gates { get; init; }

    /// <summary>Reads a document: strict about what it knows, blind to fields that it does not know.</summary>
    /// <exception cref="EvaluationException">Too large, not JSON, another schema, or an outcome that its gates contradict.</exception>
    public static Verdict Read(ReadOnlySpan<byte> json)
    {
        var verdict = Document.Read(json, MostBytes, CurrentSchema, "a verdict", EvaluationJson.Default.Verdict);
        VerdictRules.Check(verdict);
        return verdict;
    }

    /// <summary>The document as indented UTF-8 JSON that ends in a line feed.</summary>
    /// <exception cref="EvaluationException">A number is not finite, or the outcome contradicts the gates.</exception>
    public byte[] ToBytes()
    {
        VerdictRules.Check(this);
        return [.. JsonSerializer.SerializeToUtf8Bytes(this, EvaluationJson.Default.Verdict), (byte)'\n'];
    }

    /// <summary>The outcome of all gates that apply, together. No gate at all proves nothing: inconclusive.</summary>
    public static Outcome Of(IReadOnlyList<GateResult> gates)
    {
        ArgumentNullException.ThrowIfNull(gates);
        var counted = gates.Where(gate => gate.Applies).ToArray();
        if (counted.Any(gate => gate.Outcome == Outcome.Regress))
            return Outcome.Regress;
        return counted.Length == 0 || counted.Any(gate => gate.Outcome == Outcome.Inconclusive) ? Outcome.Inconclusive : Outcome.Pass;
    }
}
