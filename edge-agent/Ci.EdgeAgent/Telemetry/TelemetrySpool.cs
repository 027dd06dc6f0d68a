using System.Globalization;
using System.Text;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Telemetry;

/// <summary>
/// Batches on disk until the mailbox has them. Bounded: the oldest go first, and their number is told. A sequence is on disk as used before
/// its batch is written, so that no two batches ever share a key; a batch that arrives twice has the same one.
/// </summary>
internal sealed class TelemetrySpool(IDeviceFiles files, string folder)
{
    public const int MostSegments = 512;
    public const long MostBytes = 32L * 1024 * 1024;
    private const string Suffix = ".json.gz";
    private long next = -1;

    public long Dropped { get; private set; }

    public IReadOnlyList<string> Segments() => [.. files.List(folder).Where(p => p.EndsWith(Suffix, StringComparison.Ordinal))];

    public long NextSequence()
    {
        if (next < 0)
            next = Read() ?? 0;
        next++;
        DurableFile.Replace(files, SequencePath, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        return next;
    }

    /// <summary>Keeps a batch; its key is made of the file's own name again when it is sent.</summary>
    public void Add(string day, long sequence, byte[] gzip)
    {
        MakeRoom(gzip.Length);
        DurableFile.Replace(files, Path.Combine(folder, $"{sequence:D10}-{day}{Suffix}"), gzip);
    }

    public static string KeyOf(string segment, string prefix)
    {
        var name = Path.GetFileName(segment)[..^Suffix.Length];
        var parts = name.Split('-', 2);
        return $"{prefix}{parts[1]}/{parts[0]}{Suffix}";
    }

    public Stream Open(string segment) => files.OpenRead(segment);

    public void Remove(string segment) => files.Delete(segment);

    private string SequencePath => Path.Combine(folder, "sequence");

    private long? Read()
    {
        var bytes = DurableFile.Read(files, SequencePath, 64);
        if (bytes is not null && long.TryParse(Encoding.ASCII.GetString(bytes), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return last;
        // Lost or damaged: go on after the highest that is still here.
        return Segments().Select(s => long.TryParse(Path.GetFileName(s).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).DefaultIfEmpty(0).Max();
    }

    private void MakeRoom(long coming)
    {
        var kept = Segments().ToList();
        var bytes = kept.Sum(s => files.Length(s) ?? 0);
        while (kept.Count > 0 && (kept.Count >= MostSegments || bytes + coming > MostBytes))
        {
            bytes -= files.Length(kept[0]) ?? 0;
            files.Delete(kept[0]);
            kept.RemoveAt(0);
            Dropped++;
        }
    }
}
