using System.Globalization;
using System.Text.Json;

namespace Ci.Evaluation;

/// <summary><c>split.json</c>: how a table was parted, into what, and whether anything stands in two parts.</summary>
public sealed record SplitRecord
{
    public const string CurrentSchema = "mlops.split/v1";

    /// <summary>Bytes that a document may have.</summary>
    public const int MostBytes = 1 << 20;

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>"random", "stratified", "grouped" or "chronological".</summary>
    public required string By { get; init; }

    /// <summary>The class, the group or the time.</summary>
    public string? Column { get; init; }

    /// <summary>The columns that name a row.</summary>
    public IReadOnlyList<string> Key { get; init => field = value ?? []; } = [];

    public long Seed { get; init; }

    /// <summary>Of a chronological split: how shortly before the next part rows were dropped.</summary>
    public string? Gap { get; init; }

    public required SplitFile Data { get; init; }

    public required IReadOnlyList<SplitFile> Parts { get; init; }

    /// <summary>Rows in no part, for the gap.</summary>
    public long Dropped { get; init; }

    /// <summary>Rows whose very same cells stand in another part, too.</summary>
    public long RowsInTwoParts { get; init; }

    /// <summary>Rows whose key stands in another part, too; null where no key was named.</summary>
    public long? KeysInTwoParts { get; init; }

    /// <summary>Which mlops made it.</summary>
    public required string Version { get; init; }

    /// <summary>Reads a document: strict about what it knows, blind to fields that it does not know.</summary>
    /// <exception cref="EvaluationException">Too large, not JSON, another schema, a field missing or out of its range.</exception>
    public static SplitRecord Read(ReadOnlySpan<byte> json)
    {
        var record = Document.Read(json, MostBytes, CurrentSchema, "a split", EvaluationJson.Default.SplitRecord);
        SplitRules.Check(record);
        return record;
    }

    /// <summary>The document as indented UTF-8 JSON that ends in a line feed.</summary>
    public byte[] ToBytes()
    {
        SplitRules.Check(this);
        return [.. JsonSerializer.SerializeToUtf8Bytes(this, EvaluationJson.Default.SplitRecord), (byte)'\n'];
    }

    /// <summary>The kind of split in words: "chronological by time, 48h apart", "stratified by target, seed 42".</summary>
    public string InWords()
    {
        var by = this.Column is null ? this.By : $"{this.By} by {this.Column}";
        var gap = this.Gap is null ? "" : $", {this.Gap} apart";
        var seed = this.By == "chronological" ? "" : string.Create(CultureInfo.InvariantCulture, $", seed {this.Seed}");
        return by + gap + seed;
    }

    /// <summary>Whether a table is one of the parts.</summary>
    /// <exception cref="EvaluationException">It is none: another file, or one that was changed since.</exception>
    internal void Check(DataFile table)
    {
        if (this.Parts.All(part => part.Sha256 != table.Sha256))
            throw new EvaluationException($"{table.Path}: it is no part of the split of {this.Data.Path} (parts: {string.Join(", ", this.Parts.Select(part => part.Path))}); split again, or leave --split out");
    }
}
