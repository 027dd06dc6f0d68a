using System.Text;
using System.Text.Json;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>The hash-chained log of everything that moved an environment.</summary>
public sealed record AuditLog
{
    public const string Path = "audit/log.jsonl";

    private readonly byte[] bytes;

    private AuditLog(byte[] bytes, IReadOnlyList<AuditEntry> entries)
    {
        this.bytes = bytes;
        Entries = entries;
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AuditEntry> Entries { get; }

    /// <summary>Reads the log and checks its chain.</summary>
    /// <exception cref="PromotionException">A line is damaged, changed or missing; the message names it.</exception>
    public static AuditLog Read(byte[]? bytes)
    {
        var entries = new List<AuditEntry>();
        var previous = default(Sha256Digest);
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes ?? []).Split('\n'))
        {
            number++;
            if (line.Length == 0)
                continue;
            var entry = Parse(line, number);
            if (entry.PreviousLine != previous)
                throw new PromotionException($"{Path}:{number}: the chain is broken: it names line {entry.PreviousLine.Brief}…, but the line before is {previous.Brief}…");
            previous = Sha256Digest.Of(Encoding.UTF8.GetBytes(line));
            entries.Add(entry);
        }

        return new AuditLog(bytes ?? [], entries);
    }

    /// <summary>The file with one more line.</summary>
    public byte[] With(AuditEntry entry)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var previous = lines.Length == 0 ? default : Sha256Digest.Of(Encoding.UTF8.GetBytes(lines[^1]));
        var line = CanonicalJson.Of(JsonSerializer.SerializeToNode(entry with { PreviousLine = previous }, PromotionJson.Default.AuditEntry));
        byte[] gap = bytes.Length == 0 || bytes[^1] == '\n' ? [] : [(byte)'\n'];
        return [.. bytes, .. gap, .. line, (byte)'\n'];
    }

    private static AuditEntry Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, PromotionJson.Default.AuditEntry) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new PromotionException($"{Path}:{number}: not an audit entry: {error.Message}", error);
        }
    }
}
