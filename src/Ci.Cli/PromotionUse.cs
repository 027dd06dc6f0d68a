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
        var store = StoreAddress.Open(cli, settings.Store(parts.Store));
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
            Comparison = new PromotionComparison(),
            ProjectFolder = ProjectFolder(repository.Path, cli.WorkingDirectory),
            Actor = cli.Variable("MLOPS_ACTOR") ?? ForgeSettings.Of(cli, parsed).Job.Actor ?? cli.Variable("USER") ?? "unknown",
        });
    }

    /// <summary>The same with a forge.</summary>
    public PromotionContext WithForge() => this.Context with { Forge = this.forge ??= ForgeSettings.Of(this.cli, this.parsed).Open() };

    /// <summary>The same with a forge where one is known: it can say who approved.</summary>
    public PromotionContext WithForgeIfKnown() => ForgeSettings.Of(this.cli, this.parsed).NamesRepository ? this.WithForge() : this.Context;

    // A project may be a folder of a larger repository; its gates lie beside it.
    private static string ProjectFolder(string top, string working)
    {
        var relative = Path.GetRelativePath(top, working).Replace('\\', '/');
        return relative == "." || relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? "" : relative + "/";
    }

    public void Dispose()
    {
        this.forge?.Dispose();
        this.Context.Deploy.Dispose();
    }

    /// <summary>The options that say where everything is.</summary>
    public sealed record Parts(string? Model, string? Store, string? Deploy, string Remote);
}
