using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Promotion;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops edge …</c>: what devices read where they cannot read Git: a mirror of the deploy repository, a bundle on a stick.</summary>
internal static class EdgeVerb
{
    public const string Summary = "Make mirrors and bundles of the deploy repository for devices.";

    private const double MostDays = 3650;

    private static readonly Option<string> Environment = new("--environment") { Description = "The environment.", Required = true };
    private static readonly Option<string?> Name = new("--model") { Description = "The model's name (else MLOPS_MODEL, else mlops.yaml)." };
    private static readonly Option<string> BundleFile = new("--out") { Description = "The bundle's file.", Required = true };
    private static readonly Option<string> MirrorStore = new("--out") { Description = "The mirror: a folder, azure://container/path or s3://bucket/path.", Required = true };
    private static readonly Option<string?> Store = new("--store") { Description = "The blob store (else MLOPS_STORE, else mlops.yaml)." };
    private static readonly Option<string?> Deploy = new("--deploy") { Description = "The deploy repository (else MLOPS_DEPLOY_REPOSITORY, else mlops.yaml)." };
    private static readonly Option<string?> Index = new("--index") { Description = "The mirror.json of a mirror, instead of signing one: the same bundle byte for byte, and no private key." };
    private static readonly Option<double> MirrorDays = new("--valid-days") { Description = "Devices believe the mirror for so long; make it again before.", DefaultValueFactory = _ => 7 };
    private static readonly Option<double> BundleDays = new("--valid-days") { Description = "Devices take the bundle for so long.", DefaultValueFactory = _ => 90 };

    public static Command Create(CliContext context) => new("edge", Summary)
    {
        new Command("mirror", "Copy channels and signed releases to where devices read them over HTTP(S), with a signed index.") { MirrorStore, MirrorDays, Deploy }
            .Does(context, (parsed, ct) => MirrorAsync(context, parsed, ct)),
        new Command("bundle", "Put one model's channel, release and files into one file for devices without a network.") { Environment, Name, BundleFile, BundleDays, Index, Store, Deploy }
            .Does(context, (parsed, ct) => BundleAsync(context, parsed, ct)),
    };

    private static async Task<int> MirrorAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var settings = ProjectSettings.Load(context);
        var valid = Days(parsed.GetValue(MirrorDays));
        using var key = settings.SigningKey();
        var keys = TrustedKeys.Of(context);
        using var deploy = await OpenAsync(context, settings.Deploy(parsed.GetValue(Deploy)), ct);
        var snapshot = await deploy.ReadAsync(ct);
        var content = new EdgeContent();
        foreach (var channel in await snapshot.ChannelsAsync(ct))
            await content.AddAsync(snapshot, channel, keys, ct);
        var index = content.Index(context.Time.GetUtcNow(), valid);
        var store = StoreAddress.Open(context, parsed.GetRequiredValue(MirrorStore));
        // In this order a device sees either the old index with the old channels, or for a moment something it asks for again.
        foreach (var (path, bytes) in content.Documents)
            await PutAsync(store, path, bytes, PutMode.IfAbsent, ct);
        foreach (var (path, bytes) in content.Channels)
            await PutAsync(store, path, bytes, PutMode.Overwrite, ct);
        await PutAsync(store, MirrorIndex.FileName, index.Sign(key), PutMode.Overwrite, ct);
        Tell(context, parsed, index, content, store.Description, null);
        return ExitCode.Ok;
    }

    private static async Task<int> BundleAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var settings = ProjectSettings.Load(context);
        OutputPlace.Check(context, "--out", parsed.GetRequiredValue(BundleFile));
        var (environment, model) = (parsed.GetRequiredValue(Environment), settings.Model(parsed.GetValue(Name)));
        var keys = TrustedKeys.Of(context);
        using var deploy = await OpenAsync(context, settings.Deploy(parsed.GetValue(Deploy)), ct);
        var snapshot = await deploy.ReadAsync(ct);
        (await snapshot.PolicyAsync(ct)).Of(environment);
        var channel = await snapshot.ChannelAsync(environment, model, ct)
            ?? throw new CliException($"nothing of {model} is live in {environment} yet, so there is nothing to carry; `mlops promote apply` first");
        var content = new EdgeContent();
        await content.AddAsync(snapshot, channel, keys, ct);
        var signed = SignedIndex(context, settings, parsed, content, keys);
        var file = context.FullPath(parsed.GetRequiredValue(BundleFile));
        var bytes = await new BundleWriting(StoreAddress.Open(context, settings.Store(parsed.GetValue(Store)))).WriteAsync(file, signed, content, ct);
        Tell(context, parsed, MirrorIndex.Read(signed, keys), content, file, bytes);
        return ExitCode.Ok;
    }

    private static byte[] SignedIndex(CliContext context, ProjectSettings settings, ParseResult parsed, EdgeContent content, IReadOnlyList<TrustedKey> keys)
    {
        if (parsed.GetValue(Index) is { } given)
        {
            var file = new FileInfo(context.FullPath(given));
            if (!file.Exists || file.Length > MirrorIndex.MaxDocumentBytes)
                throw new CliException($"{file.FullName} does not exist, or is too large for an index; --index names the mirror.json that `mlops edge mirror` wrote");
            var bytes = File.ReadAllBytes(file.FullName);
            var index = MirrorIndex.Read(bytes, keys);
            var (path, channel) = content.Channels.Single();
            return index.DigestOf(path) == Sha256Digest.Of(channel)
                ? bytes
                : throw new CliException($"{given} lists another {path} than the deploy repository holds; run `mlops edge mirror` first", ExitCode.Refused);
        }

        using var key = settings.SigningKey();
        return content.Index(context.Time.GetUtcNow(), Days(parsed.GetValue(BundleDays))).Sign(key);
    }

    private static async Task<DeployRepository> OpenAsync(CliContext context, string address, CancellationToken ct) => await DeployRepository.OpenAsync(
        StoreAddress.OfRepository(context, address), context.Time, new Random((int)context.Time.GetTimestamp()), GitSettings.Of(context), ct);

    private static async Task PutAsync(IBlobStore store, string path, byte[] bytes, PutMode mode, CancellationToken ct)
    {
        using var content = new MemoryStream(bytes, writable: false);
        await store.PutAsync(path, content, mode, ct);
    }

    private static TimeSpan Days(double days) => days is > 0 and <= MostDays
        ? TimeSpan.FromDays(days)
        : throw new CliException($"--valid-days must be above 0 and at most {MostDays:0}", ExitCode.Usage);

    private static void Tell(CliContext context, ParseResult parsed, MirrorIndex index, EdgeContent content, string where, long? bytes)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["out"] = where,
                ["issuedAt"] = index.IssuedAt,
                ["expires"] = index.Expires,
                ["channels"] = new JsonArray([.. content.Channels.Keys.Select(path => JsonValue.Create(path))]),
                ["releases"] = new JsonArray([.. content.Releases.Select(r => JsonValue.Create(r.Id.Hex))]),
                ["bytes"] = bytes,
            });
            return;
        }

        var size = bytes is null ? "" : $", {bytes} bytes";
        context.Line($"{where}: {content.Channels.Count} {(content.Channels.Count == 1 ? "channel" : "channels")}, {content.Releases.Count} {(content.Releases.Count == 1 ? "release" : "releases")}{size}, good until {index.Expires:u}");
    }
}
