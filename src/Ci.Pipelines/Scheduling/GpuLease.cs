using System.Globalization;
using System.Text;

namespace Ci.Pipelines.Scheduling;

/// <summary>GPUs that are ours until this is disposed, or this process ends.</summary>
internal sealed class GpuLease(IReadOnlyList<(GpuDevice Device, FileStream File)> held) : IDisposable
{
    public IReadOnlyList<GpuDevice> Devices { get; } = [.. held.Select(h => h.Device)];

    /// <summary>The value of <c>CUDA_VISIBLE_DEVICES</c>.</summary>
    public string Visible => string.Join(',', this.Devices.Select(d => d.Uuid));

    /// <summary>Records the process that uses the GPUs, so that they stay its own should this process be killed; null: it has ended.</summary>
    public void Record((int Id, DateTimeOffset Started)? process)
    {
        var bytes = process is var (id, started) ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id} {started.UtcTicks}")) : [];
        foreach (var (_, file) in held)
        {
            file.SetLength(0);
            file.Position = 0;
            file.Write(bytes);
            file.Flush();
        }
    }

    public void Dispose()
    {
        foreach (var (_, file) in held)
            file.Dispose();
    }
}
