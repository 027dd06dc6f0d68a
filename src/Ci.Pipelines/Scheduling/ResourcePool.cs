using System.Globalization;

namespace Ci.Pipelines.Scheduling;

/// <summary>What the machine has, shared out among the stages that this process runs at the same time.</summary>
/// <param name="processors">Of the machine.</param>
/// <param name="memory">Bytes that this process and its children may use.</param>
internal sealed class ResourcePool(int processors, long memory)
{
    private readonly Dictionary<int, (string Name, StageNeeds Needs)> taken = [];

    /// <summary>Null until they were asked for; a stage that wants none does not wait for the driver.</summary>
    public IReadOnlyList<GpuDevice>? Gpus { get; set; }

    public static ResourcePool OfThisMachine() => new(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Why the stage can never run here; null when it can.</summary>
    public string? Never(StageNeeds needs)
    {
        if (this.Gpus is { } gpus && needs.Gpus > gpus.Count)
        {
            return FormattableString.Invariant($"wants {Counted(needs.Gpus, "GPU")}, and this machine has {(gpus.Count == 0 ? "none that `nvidia-smi -L` lists" : Counted(gpus.Count, "GPU"))}")
                + "; run it where there are more, or lower `meta.resources.gpu`";
        }

        return needs.Memory > memory ? $"wants {Shown(needs.Memory)} of memory, and this machine has {Shown(memory)}; run it where there is more, or lower `meta.resources.memory`" : null;
    }

    /// <summary>Gives the stage its share; false when others hold too much of it.</summary>
    public bool TryTake(PlanStep step, StageNeeds needs)
    {
        if (this.Lacks(needs) is not null)
            return false;
        this.taken.Add(step.Index, (step.Name, needs));
        return true;
    }

    public void GiveBack(PlanStep step) => this.taken.Remove(step.Index);

    /// <summary>What a stage has to wait for, and who holds it; null when there is enough.</summary>
    public string? Lacks(StageNeeds needs)
    {
        var gpus = this.taken.Values.Sum(t => t.Needs.Gpus);
        if (needs.Gpus > 0 && this.Gpus is { } all && gpus + needs.Gpus > all.Count)
            return $"{Counted(needs.Gpus, "GPU")}: {gpus.ToString(CultureInfo.InvariantCulture)} of {all.Count.ToString(CultureInfo.InvariantCulture)} in use by {this.Holders(t => t.Gpus > 0)}";
        var bytes = this.taken.Values.Sum(t => t.Needs.Memory);
        if (needs.Memory > 0 && bytes + needs.Memory > memory)
            return $"{Shown(needs.Memory)} of memory: {Shown(bytes)} of {Shown(memory)} promised to {this.Holders(t => t.Memory > 0)}";
        // A stage that wants more processors than there are runs slower, but it runs: alone.
        var busy = this.taken.Values.Sum(t => Math.Min(t.Needs.Processors, processors));
        return needs.Processors > 0 && busy + Math.Min(needs.Processors, processors) > processors
            ? $"{Counted(needs.Processors, "processor")}: {busy.ToString(CultureInfo.InvariantCulture)} of {processors.ToString(CultureInfo.InvariantCulture)} promised to {this.Holders(t => t.Processors > 0)}"
            : null;
    }

    private string Holders(Func<StageNeeds, bool> which) => string.Join(", ", this.taken.Values.Where(t => which(t.Needs)).Select(t => $"`{t.Name}`").Order(StringComparer.Ordinal));

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count.ToString(CultureInfo.InvariantCulture)} {what}s";

    private static string Shown(long bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.#", CultureInfo.InvariantCulture) + " GiB",
        >= 1L << 20 => (bytes / (double)(1L << 20)).ToString("0.#", CultureInfo.InvariantCulture) + " MiB",
        _ => bytes.ToString(CultureInfo.InvariantCulture) + " bytes",
    };
}
