using System.Text.Json;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Journal;

namespace Ci.EdgeAgent.States;

/// <summary>One model's folder on the device: journal, pointer, and the release documents of what it may serve.</summary>
internal sealed class StateStore : IDisposable
{
    private const int MaxDocumentBytes = 4 * 1024 * 1024;
    private readonly IDeviceFiles files;
    private readonly string folder;
    private DeviceJournal? journal;

    private StateStore(IDeviceFiles files, string folder) => (this.files, this.folder) = (files, folder);

    public DeviceState State { get; private set; } = new();

    public CurrentPointer Pointer { get; private set; } = CurrentPointer.None;

    /// <summary>Why the model is in safe mode; null where it is not.</summary>
    public string? Damage { get; private set; }

    private string JournalPath => Path.Combine(folder, "journal");

    private string PointerPath => Path.Combine(folder, "current");

    /// <summary>Replays the journal and reads the pointer; damage is told by <see cref="Damage"/>, never thrown.</summary>
    public static StateStore Open(IDeviceFiles files, string folder)
    {
        var store = new StateStore(files, folder);
        store.RemoveTemporaries();
        store.ReadPointer();
        try
        {
            store.journal = DeviceJournal.Open(files, store.JournalPath);
            if (store.journal.LastPayload is { } last)
                store.State = JsonSerializer.Deserialize(last, AgentJson.Default.DeviceState) ?? new DeviceState();
        }
        catch (Exception error) when (error is JournalDamagedException or JsonException)
        {
            store.Damage = error.Message;
        }

        if (store.Damage is not null)
            store.State = new DeviceState { State = AgentState.SafeMode };
        return store;
    }

    /// <summary>Returns when the state is on disk. In safe mode nothing is written: the damaged journal is evidence.</summary>
    public void Save(DeviceState state)
    {
        if (Damage is null)
            journal!.Append(JsonSerializer.SerializeToUtf8Bytes(state, AgentJson.Default.DeviceState));
        State = state;
    }

    /// <summary>Returns when the pointer is on disk; before that, the old one holds.</summary>
    public void Point(CurrentPointer pointer)
    {
        if (pointer.Sequence < Pointer.Sequence)
            throw new InvalidOperationException($"the sequence floor never falls: {Pointer.Sequence} to {pointer.Sequence}");
        DurableFile.Replace(files, PointerPath, JsonSerializer.SerializeToUtf8Bytes(pointer, AgentJson.Default.CurrentPointer));
        Pointer = pointer;
    }

    /// <summary>Sets a damaged journal aside and begins a new one; the pointer, and with it the sequence floor, stays.</summary>
    public void LeaveSafeMode(DateTimeOffset at)
    {
        journal?.Dispose();
        if (files.Length(JournalPath) is not null)
            files.Rename(JournalPath, JournalPath + ".damaged");
        journal = DeviceJournal.Open(files, JournalPath);
        Damage = null;
        Save(new DeviceState { At = at });
    }

    public void KeepRelease(string id, byte[] release, byte[] bundle)
    {
        // The bundle last: a release without its bundle counts as absent.
        DurableFile.Replace(files, ReleasePath(id, ".json"), release);
        DurableFile.Replace(files, ReleasePath(id, ".sigstore.json"), bundle);
    }

    /// <summary>The kept release document and its bundle; null where either is missing.</summary>
    public (byte[] Release, byte[] Bundle)? ReadRelease(string id)
    {
        var release = DurableFile.Read(files, ReleasePath(id, ".json"), MaxDocumentBytes);
        var bundle = DurableFile.Read(files, ReleasePath(id, ".sigstore.json"), MaxDocumentBytes);
        return release is null || bundle is null ? null : (release, bundle);
    }

    public IReadOnlyList<string> KeptReleases() =>
        [.. files.List(Path.Combine(folder, "releases")).Select(p => Path.GetFileName(p)).Where(n => n.EndsWith(".sigstore.json", StringComparison.Ordinal)).Select(n => n[..^".sigstore.json".Length])];

    public void ForgetRelease(string id)
    {
        files.Delete(ReleasePath(id, ".sigstore.json"));
        files.Delete(ReleasePath(id, ".json"));
    }

    public void Dispose() => journal?.Dispose();

    private string ReleasePath(string id, string suffix) => Path.Combine(folder, "releases", id + suffix);

    private void ReadPointer()
    {
        try
        {
            var bytes = DurableFile.Read(files, PointerPath, MaxDocumentBytes);
            if (bytes is null)
                return;
            var pointer = JsonSerializer.Deserialize(bytes, AgentJson.Default.CurrentPointer);
            if (pointer?.Schema != CurrentPointer.SchemaName)
                throw new JsonException($"its schema is not {CurrentPointer.SchemaName}");
            Pointer = pointer;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            Damage = $"the pointer {PointerPath} is damaged: {error.Message}; `edge-agent resume` lets the device begin anew, without its sequence floor";
        }
    }

    private void RemoveTemporaries()
    {
        foreach (var path in files.List(folder).Where(p => p.EndsWith(DurableFile.TemporarySuffix, StringComparison.Ordinal)))
            files.Delete(path);
    }
}
