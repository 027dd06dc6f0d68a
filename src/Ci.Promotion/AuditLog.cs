using System.Text;
using System.Text.Json;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>The hash-chained log of everything that moved an environment.</summary>
public sealed record AuditLog
{
    public const string Path = "audit/log.jsonl";

    private readonly byte[] bytes;

    private AuditLog(byte[] bytes, IReadOnlyList<AuditEntry> entries, Sha256Digest head)
    {
        this.bytes = bytes;
        Entries = entries;
        Head = head;
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AuditEntry> Entries { get; }

    /// <summary>The digest of the last line: who keeps it elsewhere can tell later whether lines were cut off at the end. Zeros for an empty log.</summary>
    public Sha256Digest Head { get; }

    /// <summary>Reads the log and checks its chain.</summary>
    /// <exception cref="PromotionRefusedException">A line is damaged, changed or missing; the message names it.</exception>
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
                throw new PromotionRefusedException(
                    $"{Path}:{number}: the chain is broken: this line follows one with SHA-256 {entry.PreviousLine.Brief}…, but the line before it has {previous.Brief}…; "
                    + $"a line was changed, removed or inserted there; `git log -p -- {Path}` in the deploy repository shows by whom");
            previous = Sha256Digest.Of(Encoding.UTF8.GetBytes(line));
            entries.Add(entry);
        }

        return new AuditLog(bytes ?? [], entries, previous);
    }

    /// <summary>
    /// What ran at a moment, one row an environment and model, in the order in which they first appear. The channel's sequence says what came
    /// after what, not the order of the lines: a promotion that crashed may be recorded late.
    /// </summary>
    public IReadOnlyList<RanThen> RanAt(DateTimeOffset at, string? environment = null, string? model = null)
    {
        var ran = new List<RanThen>();
        var moves = Entries.Where(entry => entry is { Release: not null, Model: not null } && (environment is null || entry.Environment == environment) && (model is null || entry.Model == model));
        foreach (var channel in moves.GroupBy(entry => (entry.Environment, entry.Model)))
        {
            var ordered = channel.OrderBy(entry => entry.Sequence ?? 0).ToList();
            var last = ordered.FindLastIndex(entry => entry.At <= at);
            if (last >= 0)
                ran.Add(new RanThen(ordered[last], last + 1 < ordered.Count ? ordered[last + 1].At : null));
        }

        return ran;
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
            throw new PromotionRefusedException($"{Path}:{number}: not an audit entry: {error.Message}; `git log -p -- {Path}` in the deploy repository shows who changed it", error);
        }
    }
}
