using Ci.EdgeAgent.Hosting;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Running;

[Collection(Alone.Name)] // it counts what this process gave back
public sealed class RestingMemoryTests
{
    [Fact]
    public async Task Memory_is_given_back_once_after_a_change_and_only_while_nobody_asks()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var clock = new ShiftedClock(DateTimeOffset.UnixEpoch);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        var memory = new RestingMemory(agent.Agent, clock);
        memory.Look();
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        memory.Look();
        Assert.Equal(0, memory.Times); // somebody asked between the two looks
        memory.Look();
        Assert.Equal(1, memory.Times);
        memory.Look();
        Assert.Equal(1, memory.Times);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status); // what runs again is there again

        await deployment.PromoteAsync(deployment.Sign("1.1.0"), 2);
        await agent.ServesAsync("1.1.0");
        memory.Look();
        memory.Look();
        Assert.Equal(2, memory.Times);
    }

    [Fact]
    public async Task The_code_of_the_runtime_is_let_go_and_comes_back()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        var before = Resident();
        Assert.True(ColdCode.Forget() >= new FileInfo(OnnxRuntimeLibrary.Path).Length / 2);
        Assert.True(Resident() < before / 2, $"{before} kB of the runtime's code were resident, and {Resident()} kB still are");
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
    }

    /// <summary>Resident kB of ONNX Runtime's code.</summary>
    private static long Resident()
    {
        var lines = File.ReadAllLines("/proc/self/smaps");
        var start = Array.FindIndex(lines, l => l.Contains("r-xp", StringComparison.Ordinal) && l.Contains("libonnxruntime", StringComparison.Ordinal));
        var line = lines.Skip(start).First(l => l.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
