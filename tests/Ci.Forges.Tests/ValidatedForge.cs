using Ci.Testing.Forge;

namespace Ci.Forges.Tests;

/// <summary>One forge behind one validating proxy for all tests of a class: the proxy takes seconds to start.</summary>
public sealed class ValidatedForge : IAsyncLifetime
{
    public ForgeFixture Forge { get; private set; } = null!;

    public ValidatingProxy Proxy { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        this.Forge = await ForgeFixture.StartAsync(withPull: false);
        this.Proxy = await ValidatingProxy.StartAsync(this.Forge.Forge.ApiUrl);
    }

    public async Task DisposeAsync()
    {
        this.Proxy?.Dispose();
        await this.Forge.DisposeAsync();
    }
}
