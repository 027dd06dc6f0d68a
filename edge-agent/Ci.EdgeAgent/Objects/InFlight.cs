using System.Globalization;
using Ci.EdgeAgent.Configuration;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// What updates are bringing in, model by model: the room on disk and the flash budget that they were promised, and objects that nobody may
/// collect. Thread-safe: the models of one agent share it.
/// </summary>
internal sealed class InFlight(ObjectStore objects, QuotaSettings quota, FlashBudget? budget)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, IReadOnlyList<WantedObject>> wanted = new(StringComparer.Ordinal);

    /// <summary>
    /// Promises an owner the room for its objects: what is missing of them, beside what was promised to others and what stays free. Where there
    /// is too little, the reason, and nothing is promised. An owner's new promise takes the place of its old one.
    /// </summary>
    public string? Reserve(string owner, IReadOnlyList<WantedObject> needed)
    {
        lock (gate)
        {
            wanted.Remove(owner);
            var (missing, promised, free) = (Missing(needed), wanted.Values.Sum(Missing), objects.FreeBytes());
            if (missing > 0 && missing + promised + quota.KeepFreeBytes > free)
            {
                var others = promised > 0 ? string.Create(CultureInfo.InvariantCulture, $", {promised} are promised to other models") : "";
                return string.Create(CultureInfo.InvariantCulture, $"it needs {missing} bytes and {quota.KeepFreeBytes} stay free (`quota.keepFreeBytes`){others}; the disk has {free}: make room");
            }

            if (missing > 0 && budget?.Reserve(owner, missing) is { } spent)
                return spent;
            wanted[owner] = needed;
            return null;
        }
    }

    /// <summary>The owner's update ended, one way or the other.</summary>
    public void Release(string owner)
    {
        lock (gate)
            wanted.Remove(owner);
        budget?.Settle(owner);
    }

    public IReadOnlySet<string> Digests()
    {
        lock (gate)
            return wanted.Values.SelectMany(w => w).Select(w => w.Sha256).ToHashSet(StringComparer.Ordinal);
    }

    // What is partly here takes its place on the disk already.
    private long Missing(IReadOnlyList<WantedObject> needed) =>
        needed.DistinctBy(w => w.Sha256).Where(w => !objects.Has(w.Sha256, w.Bytes)).Sum(w => w.Bytes - objects.PartialBytes(w.Sha256, w.Bytes));
}
