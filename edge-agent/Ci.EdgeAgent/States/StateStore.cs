using System.Text.Json;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Journal;

namespace Ci.EdgeAgent.States;

/// <summary>One model's folder on the device: journal and pointer, each of which can stand in for the other.</summary>
internal sealed class StateStore : IDisposable
{
    private readonly IDeviceFiles files;
    private readonly string folder;
    private readonly ReleaseDocuments releases;
    private readonly PointerFile pointerFile;
    private DeviceJournal? journal;
    private string? loss;

    private StateStore(IDeviceFiles files, string folder)
    {
        (this.files, this.folder) = (files, folder);
        releases = new ReleaseDocuments(files, Path.Combine(folder, "releases"));
        pointerFile = new PointerFile(files, folder);
    }

    public DeviceState State { get; private set; } = new();

    public CurrentPointer Pointer { get; private set; } = CurrentPointer.None;

    /// <summary>Why the model is in safe mode; null where it is not.</summary>
    public string? Damage { get; private set; }

    /// <summary>The disk refused when it was to be read: nothing is known to be damaged, and it may answer at the next look.</summary>
    public bool IsOutOfReach { get; private set; }

    /// <summary>What the journal's last record said is lost, in words; told once, null from then on and where nothing is.</summary>
    public string? TakeLoss() => Interlocked.Exchange(ref loss, null);

    private string JournalPath => Path.Combine(folder, "journal");

    /// <summary>
    /// Replays the journal and reads the pointer; damage, and a disk that refuses, is told by <see cref="Damage"/>, never thrown: an agent
    /// that cannot write can still serve.
    /// </summary>
    public static StateStore Open(IDeviceFiles files, string folder)
    {
        var store = new StateStore(files, folder);
        var remembered = store.OpenJournal();
        store.OpenPointer(remembered.Pointer);
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
        pointerFile.Replace(pointer);
        Pointer = pointer;
    }

    /// <summary>
    /// Sets a damaged journal aside and begins a new one. What was known stays: the pointer and with it the sequence floor, and the refusals
    /// that could still be read. Everything is read again first: what was only out of reach is taken up as it is, and a disk that still
    /// refuses is an <see cref="IOException"/> that changes nothing.
    /// </summary>
    public void LeaveSafeMode(DateTimeOffset at)
    {
        journal?.Dispose();
        journal = null;
        var (known, damaged) = Replay();
        var (pointer, lost) = pointerFile.Read(known.Pointer);
        if (IsOutOfReach && (damaged ?? lost) is { } found)
        {
            // Whether that is to be set aside is the operator's to say.
            (IsOutOfReach, Damage) = (false, found);
            throw new IOException(found);
        }

        if (damaged is not null)
        {
            files.Rename(JournalPath, JournalPath + ".damaged");
            files.SyncFolder(folder);
        }

        journal = OpenDurably();
        Pointer = pointer;
        // Safe mode serves what has soaked; what was still being watched begins its update again.
        if (pointer != CurrentPointer.None)
            Point(pointer with { Current = pointer.LastKnownGood });
        else if (lost is not null)
            pointerFile.Delete();
        (Damage, IsOutOfReach) = (null, false);
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

    // A process that was killed may have made the folders above and not synced their names.
    private DeviceJournal OpenDurably()
    {
        var opened = DeviceJournal.Open(files, JournalPath);
        files.SyncFolder(Path.GetDirectoryName(folder)!);
        files.SyncFolder(Path.GetDirectoryName(Path.GetDirectoryName(folder)!)!);
        return opened;
    }

    private DeviceState OpenJournal()
    {
        var (state, damage) = (new DeviceState(), (string?)null);
        try
        {
            DurableFile.RemoveTemporaries(files, folder);
            (state, damage) = Replay();
            if (damage is null)
                journal = OpenDurably();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            damage = Refuses(error);
            IsOutOfReach = true;
        }
        catch (JournalDamagedException error)
        {
            damage = error.Message; // A medium that reads otherwise the second time.
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
            var replay = JournalReplay.Of(files, JournalPath);
            (last, loss) = (replay.Payload, replay.LostRecord ?? loss);
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

    private void OpenPointer(CurrentPointer? remembered)
    {
        try
        {
            (Pointer, var lost) = pointerFile.Read(remembered);
            Damage ??= lost;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Pointer = remembered ?? CurrentPointer.None;
            IsOutOfReach = Damage is null || IsOutOfReach;
            Damage ??= Refuses(error);
        }
    }

    private static string Refuses(Exception error) => $"the device's own disk refuses: {error.Message}; mend it: it is tried again at every look";
}
