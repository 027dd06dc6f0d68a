using System.CommandLine;
using Ci.Forges;
using Ci.Git;
using Ci.Promotion;
using Ci.Storage;

namespace Ci.Cli;

/// <summary>Opens all that a promotion needs, and closes it again.</summary>
internal sealed class PromotionUse : IDisposable
{
    private readonly CliContext cli;
    private readonly ParseResult parsed;
    private IForge? forge;

    private PromotionUse(CliContext cli, ParseResult parsed, string model, PromotionContext context)
    {
        this.cli = cli;
        this.parsed = parsed;
        this.Model = model;
        this.Context = context;
    }

    public string Model { get; }

    public PromotionContext Context { get; }

    public static async Task<PromotionUse> OpenAsync(CliContext cli, ParseResult parsed, Parts parts, CancellationToken ct)
    {
        var settings = ProjectSettings.Load(cli);
        var model = settings.Model(parts.Model);
        var store = BlobStores.Default.Open(StoreAddress.Of(cli, settings.Store(parts.Store)));
        var keys = TrustedKeys.Of(cli);
        var options = GitSettings.Of(cli);
        var repository = await GitRepository.OpenAsync(cli.WorkingDirectory, options, ct);
        var deploy = await DeployRepository.OpenAsync(StoreAddress.OfRepository(cli, settings.Deploy(parts.Deploy)), cli.Time, new Random((int)cli.Time.GetTimestamp()), options, ct);
        return new PromotionUse(cli, parsed, model, new PromotionContext
        {
            Deploy = deploy,
            Branches = new ModelBranches(repository, parts.Remote),
            Store = store,
            Keys = keys,
            Time = cli.Time,
            Actor = cli.Variable("MLOPS_ACTOR") ?? cli.Variable("USER") ?? "unknown",
        });
    }

    /// <summary>The same with a forge.</summary>
    public PromotionContext WithForge() => this.Context with { Forge = this.forge ??= ForgeSettings.Of(this.cli, this.parsed).Open() };

    public void Dispose()
    {
        this.forge?.Dispose();
        this.Context.Deploy.Dispose();
    }

    /// <summary>The options that say where everything is.</summary>
    public sealed record Parts(string? Model, string? Store, string? Deploy, string Remote);
}
