using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>What a device had said or done at some moment, and must never take back, whatever happens to it then.</summary>
/// <param name="Serves">A proven model served, or there was one to go back to.</param>
/// <param name="Floor">The sequence floor.</param>
/// <param name="Refusals">What was in quarantine, by release and channel entry.</param>
internal sealed record Promises(bool Serves, long Floor, IReadOnlySet<string> Refusals)
{
    public static readonly Promises None = new(false, 0, new HashSet<string>());

    public static Promises Of(SimulatedDevice device) =>
        new(device.Room.Store.Pointer.LastKnownGood is not null || device.Serving is not (null or "sour"), device.Room.Store.Pointer.Sequence, RefusalsOf(device.Room.Store.State));

    /// <summary>Right after a start, before any network.</summary>
    /// <param name="device">The device.</param>
    /// <param name="where">For whoever reads the failure.</param>
    /// <param name="mayBeSafe">The disk refuses now and then: safe mode, or nothing, may be what it leaves.</param>
    public void Check(SimulatedDevice device, string where, bool mayBeSafe = false)
    {
        Assert.True(mayBeSafe || device.Status.State != AgentState.SafeMode, $"{where}: safe mode: {device.Room.Store.Damage}");
        var hasNoWayBack = device.State == AgentState.RollingBack && device.Room.Store.Pointer.LastKnownGood is null;
        Assert.True(mayBeSafe || !Serves || hasNoWayBack || device.Serving is not null, $"{where}: something served before, nothing after: {Last(device)}");
        Assert.True(mayBeSafe || device.Told.All(t => t.Code != Restart.LostRecordCode), $"{where}: a torn record was told as damage");
        CheckServing(device, where);
        Assert.True((mayBeSafe && device.State == AgentState.SafeMode) || device.Room.Store.Pointer.Sequence >= Floor, $"{where}: the floor fell from {Floor} to {device.Room.Store.Pointer.Sequence}");
        Assert.True(mayBeSafe || Refusals.IsSubsetOf(RefusalsOf(device.Room.Store.State)), $"{where}: a quarantine was lost");
    }

    /// <summary>At any time.</summary>
    public static void CheckServing(SimulatedDevice device, string where) =>
        Assert.True(device.Serving is not "bad", $"{where}: serves what never passed its gate");

    /// <summary>Once it rests: nothing is left that nobody needs.</summary>
    public static void CheckFiles(SimulatedDevice device, string where)
    {
        var pointer = device.Room.Store.Pointer;
        var needed = Digests(pointer.Current, pointer.LastKnownGood);
        var allowed = Digests(pointer.Current, pointer.LastKnownGood, pointer.Previous);
        foreach (var path in device.Disk.Files)
        {
            Assert.False(path.EndsWith(".tmp", StringComparison.Ordinal), $"{where}: {path} was left");
            Assert.False(path.Contains("/partial/", StringComparison.Ordinal), $"{where}: {path} was left");
            Assert.True(!path.Contains("/objects/", StringComparison.Ordinal) || allowed.Contains(Path.GetFileName(path)), $"{where}: {path} belongs to nothing");
        }

        Assert.All(needed, digest => Assert.True(device.Room.Objects.IsIntact(digest, device.Room.Files.Length(device.Room.Objects.PathOf(digest)) ?? -1), $"{where}: {digest} is damaged or gone"));
    }

    public static string Last(SimulatedDevice device) => string.Join(" | ", device.Told.TakeLast(4).Select(t => t.Message)) + $" | {device.State}: {device.Status.WhyNot}";

    private static HashSet<string> Digests(params string?[] releases) =>
        releases.OfType<string>().Select(Catalogue.VersionOf).Distinct().SelectMany(v => Catalogue.Releases[v].Release.Artifacts).Select(a => a.Sha256.Hex).ToHashSet();

    private static HashSet<string> RefusalsOf(DeviceState state) => [.. state.Refusals.Select(r => r.Release + r.Channel)];
}
