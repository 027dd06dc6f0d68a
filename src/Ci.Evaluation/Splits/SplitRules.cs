namespace Ci.Evaluation;

/// <summary>What the record of a split must hold to beyond its shape.</summary>
internal static class SplitRules
{
    private static readonly string[] Kinds = ["random", "stratified", "grouped", "chronological"];

    public static void Check(SplitRecord record)
    {
        var wrong = new List<string>();
        if (!Kinds.Contains(record.By, StringComparer.Ordinal))
            wrong.Add($"by is none of {string.Join(", ", Kinds)}");
        if (record.Parts.Count is < 2 or > 100)
            wrong.Add("there must be 2 to 100 parts");
        foreach (var file in record.Parts.Prepend(record.Data))
        {
            if (file.Sha256.Length != 64 || file.Md5.Length != 32 || !(file.Sha256 + file.Md5).All(char.IsAsciiHexDigitLower))
                wrong.Add("a digest is not 64 (SHA-256) or 32 (MD5) lowercase hexadecimal digits");
            if (file.Rows < 1 || file.Wanted is { } wanted && !(wanted > 0 && wanted <= 1) || file.Share is { } share && !(share >= 0 && share <= 1))
                wrong.Add("rows or a share is out of range");
        }

        foreach (var part in record.Parts)
        {
            if (part.Name is not { Length: > 0 and <= 64 } || !EvaluationRules.IsConfined(part.Path))
                wrong.Add("a part needs a name, and a path that is relative and stays below the record's folder");
        }

        if (record.Dropped < 0 || record.RowsInTwoParts < 0 || record.KeysInTwoParts < 0 || record.Parts.Sum(part => part.Rows) + record.Dropped != record.Data.Rows)
            wrong.Add("the parts' rows and those dropped do not add up to the table's");
        if (wrong.Count > 0)
            throw new EvaluationException($"the split is not valid: {string.Join("; ", wrong.Distinct(StringComparer.Ordinal).Take(10))}");
    }
}
