using System.Text.Json;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// What imports write beside an agent that may be running, and that keeps its count in memory. A note is on disk before the first byte that it
/// speaks of; the agent counts it, and only then removes it. So a power cut makes the count too high, and never too low.
/// </summary>
internal sealed class ImportNotes(IDeviceFiles files, string data)
{
    private const int MaxBytes = 1024;
    private const string Suffix = ".json";

    private string Folder => Path.Combine(data, "quota", "imports");

    /// <summary>Bytes of a day, or of a later one, that are in no other count yet.</summary>
    public long BytesOf(long day) => All().Where(n => n.Note?.Day >= day).Sum(n => n.Note!.Bytes);

    /// <summary>Returns when it is on disk that so many bytes are written; another note of the same name is replaced.</summary>
    public void Put(string name, ImportNote note)
    {
        DurableFile.Replace(files, PathOf(name), JsonSerializer.SerializeToUtf8Bytes(note, AgentJson.Default.ImportNote));
        files.SyncFolder(Path.GetDirectoryName(Folder)!);
    }

    /// <summary>Deletes what an import that was cut off left of its note; for whoever imports alone.</summary>
    public void RemoveTemporaries() => DurableFile.RemoveTemporaries(files, Folder);

    /// <summary>Whether the note is still here: the agent has not counted it.</summary>
    public bool Has(string name) => files.Length(PathOf(name)) is not null;

    /// <summary>Hands over what is not counted yet, and removes it once that is.</summary>
    /// <param name="day">Notes of earlier days are removed uncounted.</param>
    /// <param name="count">Takes the bytes, and returns when they are counted on disk.</param>
    public void HandOver(long day, Action<long> count)
    {
        var notes = All();
        if (notes.Count == 0)
            return;
        count(notes.Where(n => n.Note?.Day >= day).Sum(n => n.Note!.Bytes));
        foreach (var (path, _) in notes)
            files.Delete(path);
    }

    private List<(string Path, ImportNote? Note)> All() =>
        [.. files.List(Folder).Where(p => p.EndsWith(Suffix, StringComparison.Ordinal)).Select(p => (p, Read(p)))];

    private ImportNote? Read(string path)
    {
        try
        {
            var read = DurableFile.Read(files, path, MaxBytes) is { } bytes ? JsonSerializer.Deserialize(bytes, AgentJson.Default.ImportNote) : null;
            return read is { Schema: ImportNote.SchemaName, Bytes: >= 0 } ? read : null;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or FileNotFoundException)
        {
            return null; // Damaged, or counted and removed this very moment.
        }
    }

    private string PathOf(string name) => Path.Combine(Folder, name + Suffix);
}
