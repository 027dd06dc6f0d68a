using System.Text.Json;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Journal;

namespace Ci.EdgeAgent.States;

/// <summary>One model's folder on the device: journal and pointer, each of which can stand in for the other.</summary>
internal sealed class StateStore : IDisposable
{
    private const int MaxPointerBytes = 64 * 1024;
    private readonly IDeviceFiles files;
    private readonly string folder;
    private readonly ReleaseDocuments releases;
    private DeviceJournal? journal;

    private StateStore(IDeviceFiles files, string folder)
    {
        (this.files, this.folder) = (files, folder);
        releases = new ReleaseDocuments(files, Path.Combine(folder, "releases"));
    }

    public DeviceState State { get; private set; } = new();

    public CurrentPointer Pointer { get; private set; } = CurrentPointer.None;

    /// <summary>Why the model is in safe mode; null where it is not.</summary>
    public string? Damage { get; private set; }

    private string JournalPath => Path.Combine(folder, "journal");

    private string PointerPath => Path.Combine(folder, "current");

    /// <summary>
    /// Replays the journal and reads the pointer; damage, and a disk that refuses, is told by <see cref="Damage"/>, never thrown: an agent
    /// that cannot write can still serve.
    /// </summary>
    public static StateStore Open(IDeviceFiles files, string folder)
    {
        var store = new StateStore(files, folder);
        var remembered = store.OpenJournal();
        store.ReadPointer(remembered.Pointer);
        store.State = store.Damage is null ? remembered : remembered with { State = AgentState.SafeMode, Candidate = null };
        return store;
    }

    /// <summary>Returns when the state is on disk. In safe mode nothing is written: the damaged journal is evidence.</summary>
    public void Save(DeviceState state)
    {
        var whole = state with { Pointer = Pointer };
        if (Damage is null)
            Append(whole);
        State = whole;
    }

    /// <summary>Returns when the pointer is on disk; before that, the old one holds.</summary>
    public void Point(CurrentPointer pointer)
    {
        if (pointer.Sequence < Pointer.Sequence)
            throw new InvalidOperationException($"the sequence floor never falls: {Pointer.Sequence} to {pointer.Sequence}");
        DurableFile.Replace(files, PointerPath, JsonSerializer.SerializeToUtf8Bytes(pointer, AgentJson.Default.CurrentPointer));
        Pointer = pointer;
    }

    /// <summary>
    /// Sets a damaged journal aside and begins a new one. What was known stays: the pointer and with it the sequence floor, and the refusals
    /// that could still be read. A journal that was only out of reach is taken up again as it is.
    /// </summary>
    public void LeaveSafeMode(DateTimeOffset at)
    {
        journal?.Dispose();
        journal = null;
        var (known, damaged) = Replay();
        if (damaged is not null)
        {
            files.Rename(JournalPath, JournalPath + ".damaged");
            files.SyncFolder(folder);
        }

        journal = DeviceJournal.Open(files, JournalPath);
        // Safe mode serves what has soaked; what was still being watched begins its update again.
        if (Pointer != CurrentPointer.None)
            Point(Pointer with { Current = Pointer.LastKnownGood ?? Pointer.Current });
        else
            files.Delete(PointerPath);
        Damage = null;
        Save(new DeviceState { At = at, Refusals = known.Refusals });
    }

    public void KeepRelease(string id, byte[] release, byte[] bundle) => releases.Keep(id, release, bundle);

    public (byte[] Release, byte[] Bundle)? ReadRelease(string id) => releases.Read(id);

    public IReadOnlyList<string> KeptReleases() => releases.Ids();

    public void ForgetRelease(string id) => releases.Forget(id);

    public void Dispose() => journal?.Dispose();

    private void Append(DeviceState state)
    {
        try
        {
            journal!.Append(JsonSerializer.SerializeToUtf8Bytes(state, AgentJson.Default.DeviceState));
        }
        catch (JournalDamagedException error)
        {
            // Nothing goes on without the journal; the next start finds the damage and says so.
            throw new IOException(error.Message, error);
        }
    }

    private DeviceState OpenJournal()
    {
        var (state, damage) = (new DeviceState(), (string?)null);
        try
        {
            DurableFile.RemoveTemporaries(files, folder);
            (state, damage) = Replay();
            if (damage is null)
                journal = DeviceJournal.Open(files, JournalPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            damage = $"the device's own disk refuses: {error.Message}; mend it, then `edge-agent resume`";
        }

        Damage = damage;
        return state;
    }

    /// <summary>The last state that can be read, and the damage in words.</summary>
    private (DeviceState State, string? Damage) Replay()
    {
        byte[]? last;
        string? damage = null;
        try
        {
            last = JournalReplay.Of(files, JournalPath).Payload;
        }
        catch (JournalDamagedException error)
        {
            (last, damage) = (error.LastWhole, error.Message);
        }

        try
        {
            return (last is null ? new DeviceState() : JsonSerializer.Deserialize(last, AgentJson.Default.DeviceState) ?? new DeviceState(), damage);
        }
        catch (JsonException error)
        {
            return (new DeviceState(), damage ?? $"the journal {JournalPath} holds a record that is no state: {error.Message}");
        }
    }

    /// <summary>The pointer's file; where it is lost or damaged, the journal's copy and safe mode.</summary>
    private void ReadPointer(CurrentPointer? remembered)
    {
        Pointer = remembered ?? CurrentPointer.None;
        try
        {
            if (DurableFile.Read(files, PointerPath, MaxPointerBytes) is { } bytes)
                Pointer = Parse(bytes);
            else if (remembered is not null && remembered != CurrentPointer.None)
                throw new InvalidDataException("it is gone");
            if (Pointer.Sequence < remembered?.Sequence)
                throw new InvalidDataException($"its sequence floor fell from {remembered.Sequence} to {Pointer.Sequence}");
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            var otherwise = remembered is null ? "lets the device begin anew, without its sequence floor" : "goes on from the journal's copy";
            Damage ??= $"the pointer {PointerPath} is damaged: {error.Message}; `edge-agent resume` {otherwise}";
            Pointer = remembered ?? CurrentPointer.None;
        }
    }

    private static CurrentPointer Parse(byte[] bytes)
    {
        var pointer = JsonSerializer.Deserialize(bytes, AgentJson.Default.CurrentPointer);
        return pointer?.Schema == CurrentPointer.SchemaName ? pointer : throw new JsonException($"its schema is not {CurrentPointer.SchemaName}");
    }
}
