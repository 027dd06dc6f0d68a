using Ci.Pipelines.Tests;

namespace Ci.Pipelines.Scheduling.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class GpuTests
{
    private const string TwoGpus = """
        GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-0aaaaaaa-1111-2222-3333-444444444444)
        GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-1bbbbbbb-1111-2222-3333-444444444444)
        """;

    private const string Parted = """
        GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-0aaaaaaa-1111-2222-3333-444444444444)
          MIG 3g.20gb     Device  0: (UUID: MIG-5aaaaaaa-1111-2222-3333-444444444444)
          MIG 3g.20gb     Device  1: (UUID: MIG-6bbbbbbb-1111-2222-3333-444444444444)
        GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-1bbbbbbb-1111-2222-3333-444444444444)
        """;

    [Fact]
    public void The_drivers_list_is_read_and_a_parted_GPU_stands_for_its_parts()
    {
        Assert.Equal([("GPU-0aaaaaaa-1111-2222-3333-444444444444", "NVIDIA H100 80GB HBM3"), ("GPU-1bbbbbbb-1111-2222-3333-444444444444", "NVIDIA H100 80GB HBM3")], GpuList.Parse(TwoGpus).Select(d => (d.Uuid, d.Name)));
        Assert.Equal(["MIG-5aaaaaaa-1111-2222-3333-444444444444", "MIG-6bbbbbbb-1111-2222-3333-444444444444", "GPU-1bbbbbbb-1111-2222-3333-444444444444"], GpuList.Parse(Parted).Select(d => d.Uuid));
        Assert.Equal("NVIDIA A100-SXM4-40GB 3g.20gb", GpuList.Parse(Parted)[0].Name);
        Assert.Empty(GpuList.Parse("No devices found.\n"));
    }

    [Theory]
    [InlineData("1", "GPU-1bbbbbbb")]
    [InlineData("1,0", "GPU-1bbbbbbb GPU-0aaaaaaa")]
    [InlineData("GPU-0", "GPU-0aaaaaaa")]
    [InlineData("0,7,1", "GPU-0aaaaaaa")]
    [InlineData("", "")]
    [InlineData("-1", "")]
    public async Task Only_the_GPUs_that_were_left_visible_are_used(string visible, string expected)
    {
        using var world = Machine("stages: {}\n");
        var environment = new Dictionary<string, string>(Environment(world)) { ["CUDA_VISIBLE_DEVICES"] = visible };
        var found = await GpuList.ReadAsync(environment, TimeProvider.System, CancellationToken.None);
        Assert.Equal(expected, string.Join(' ', found.Select(d => d.Uuid[..12])));
    }

    [Fact]
    public async Task Each_stage_gets_a_GPU_of_its_own_and_no_more_run_than_there_are()
    {
        using var world = Machine("stages:\n" + string.Concat("abcd".Select(c =>
            $"  {c}: {{cmd: 'mkdir $CUDA_VISIBLE_DEVICES && echo $CUDA_VISIBLE_DEVICES > {c} && sleep 0.3 && rmdir $CUDA_VISIBLE_DEVICES', outs: [{c}], meta: {{resources: {{gpu: 1}}}}}}\n")));
        await world.ReproAsync(With(world));
        Assert.All("abcd", c => Assert.StartsWith("GPU-", world.Read(c.ToString()), StringComparison.Ordinal));
        Assert.Equal(2, "abcd".Select(c => world.Read(c.ToString())).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains(world.Live, e => e.Kind == ReproEventKind.Waiting && e.Text.StartsWith("1 GPU: 2 of 2 in use by `", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_GPUs_than_the_machine_has_are_refused_clearly()
    {
        using var world = Machine("stages:\n  a: {cmd: echo 1 > a, outs: [a], meta: {resources: {gpu: 3}}}\n");
        Assert.Contains("stage `a` wants 3 GPUs, and this machine has 2 GPUs;", (await Assert.ThrowsAsync<PipelineException>(() => world.ReproAsync(With(world)))).Message, StringComparison.Ordinal);
        Assert.Contains("this machine has none that `nvidia-smi -L` lists", (await Assert.ThrowsAsync<PipelineException>(() => world.ReproAsync(With(world, "/usr/bin:/bin")))).Message, StringComparison.Ordinal);
        world.Script("bin/nvidia-smi", "echo driver mismatch; exit 18\n");
        Assert.Contains("exit code 18: driver mismatch", (await Assert.ThrowsAsync<PipelineException>(() => world.ReproAsync(With(world)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_excludes_everybody_else_on_the_machine_until_it_ends()
    {
        using var world = Machine("stages: {}\n");
        var devices = GpuList.Parse(TwoGpus);
        var (mine, theirs) = (new GpuLeases(Environment(world), TimeProvider.System), new GpuLeases(Environment(world), TimeProvider.System));
        var one = await mine.TakeAsync(devices, 1, _ => { }, CancellationToken.None);
        using var other = await theirs.TakeAsync(devices, 1, _ => { }, CancellationToken.None);
        Assert.NotEqual(one.Visible, other.Visible);
        var told = "";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => theirs.TakeAsync(devices, 1, what => told = what, patience.Token));
        Assert.Contains("1 of the 2 GPUs", told, StringComparison.Ordinal);
        one.Dispose();
        using var again = await theirs.TakeAsync(devices, 1, _ => { }, CancellationToken.None);
        Assert.Equal(one.Visible, again.Visible);
    }

    [Fact]
    public async Task A_command_that_outlived_its_mlops_keeps_its_GPU()
    {
        using var world = Machine("stages: {}\n");
        var device = GpuList.Parse(TwoGpus).Take(1).ToList();
        var leases = new GpuLeases(Environment(world), TimeProvider.System);
        using (var left = System.Diagnostics.Process.Start("/bin/sleep", "60"))
        {
            var lease = await leases.TakeAsync(device, 1, _ => { }, CancellationToken.None);
            lease.Record((left.Id, new DateTimeOffset(left.StartTime.ToUniversalTime(), TimeSpan.Zero)));
            lease.Dispose();
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leases.TakeAsync(device, 1, _ => { }, patience.Token));
            left.Kill();
            await left.WaitForExitAsync();
        }

        (await leases.TakeAsync(device, 1, _ => { }, CancellationToken.None)).Dispose();
    }

    private static World Machine(string yaml)
    {
        var world = new World(yaml);
        world.Write("gpus", TwoGpus + "\n");
        world.Script("bin/nvidia-smi", $"[ \"$1\" = -L ] && cat {world.Of("gpus")}\n");
        return world;
    }

    private static Dictionary<string, string> Environment(World world, string? path = null) => new(Run.Environment)
    {
        ["PATH"] = path ?? $"{world.Of("bin")}:/usr/bin:/bin", [GpuLeases.FolderVariable] = world.Of("leases"),
    };

    private static ReproOptions With(World world, string? path = null) => world.Options with { Environment = Environment(world, path) };
}
