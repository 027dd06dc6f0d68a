using System.Text.Json;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>What .NET is told for a device; a property whose name is misspelt is ignored without a word.</summary>
public sealed class RuntimeConfigurationTests
{
    [Theory]
    [InlineData("System.GC.Server")]
    [InlineData("System.GC.Concurrent")]
    [InlineData("System.Runtime.TieredPGO")]
    public void A_device_has_one_heap_and_no_threads_that_it_does_not_need(string setting)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "edge-agent.runtimeconfig.json")));
        Assert.False(document.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty(setting).GetBoolean());
    }
}
