namespace Ci.Pipelines.Scheduling;

/// <summary>A GPU, or a part of one that can be had alone.</summary>
/// <param name="Uuid">As the driver names it: <c>GPU-…</c> or <c>MIG-…</c>.</param>
/// <param name="Name">Its class: <c>NVIDIA H100 80GB HBM3</c>; of a part with its profile.</param>
internal sealed record GpuDevice(string Uuid, string Name);
