using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ci.Promotion;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops release …</c>: make, verify, fetch and show releases; make keys.</summary>
internal static class ReleaseVerb
{
    public const string Summary = "Make, verify, fetch and show signed releases of models.";

    private static readonly Option<string> Model = new("--model") { Description = "The ONNX file.", Required = true };
    private static readonly Option<string> Evaluation = new("--evaluation") { Description = "Its evaluation.json.", Required = true };
    private static readonly Option<string?> Predictions = new("--predictions") { Description = "The per-example predictions that the evaluation names." };
    private static readonly Option<string?> Verdict = new("--verdict") { Description = "The verdict.json about that evaluation." };
    private static readonly Option<string?> GoldenData = new("--golden-data") { Description = "A CSV: evenly spaced rows of it become the golden set, with the model's own answers." };
    private static readonly Option<string?> Golden = new("--golden") { Description = "A golden set made by hand (golden.json); the model must reproduce it here." };
    private static readonly Option<bool> SkipGoldenCheck = new("--skip-golden-check") { Description = "For golden sets that only the target hardware reproduces." };
    private static readonly Option<string> Version = new("--version") { Description = "The semantic version.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "The folder to write.", Required = true };
    private static readonly Option<string> KeyFile = new("--out") { Description = "The private key's file; its folder is made.", Required = true };
    private static readonly Option<string?> Name = new("--name") { Description = "The model's name (else MLOPS_MODEL, else mlops.yaml)." };
    private static readonly Option<long?> MaxBytes = new("--max-bytes") { Description = "Device limit: all files together." };
    private static readonly Option<long?> MaxMemory = new("--max-memory-bytes") { Description = "Device limit: growth of resident memory." };
    private static readonly Option<double?> MaxLatency = new("--max-latency-ms") { Description = "Device limit: 95th percentile of one call." };
    private static readonly Option<string[]> DeviceClass = new("--device-class") { Description = "Only devices of this class install it; may be given again." };
    private static readonly Option<string?> MostRuntime = new("--max-runtime") { Description = "The newest ONNX Runtime that it was tried with, such as 1.24." };
    private static readonly Option<string?> Expires = new("--expires") { Description = "No device installs it after this day (UTC), such as 2027-12-31." };
    private static readonly Option<string> Environment = new("--environment") { Description = "The environment.", Required = true };
    private static readonly Option<string?> Store = new("--store") { Description = "The blob store (else MLOPS_STORE, else mlops.yaml)." };
    private static readonly Option<string?> Deploy = new("--deploy") { Description = "The deploy repository (else MLOPS_DEPLOY_REPOSITORY, else mlops.yaml)." };
    private static readonly Argument<string> Folder = new("folder") { Description = "The release's folder." };

    public static Command Create(CliContext context) => new("release", Summary)
    {
        new Command("create", "Hash everything again, make the golden set, sign, write the folder.")
        {
            Model, Evaluation, Predictions, Verdict, GoldenData, Golden, SkipGoldenCheck, Version, Out, Name, MaxBytes, MaxMemory, MaxLatency, DeviceClass, MostRuntime, Expires,
        }.Does(context, (parsed, ct) => CreateAsync(context, parsed, ct)),
        new Command("verify", "Verify the signature, the document and every file of a folder.") { Folder }.Does(context, (parsed, ct) => VerifyAsync(context, parsed, ct)),
        new Command("fetch", "Bring the release that an environment runs: its documents, evaluation, predictions and model, verified.") { Environment, Out, Name, Store, Deploy }
            .Does(context, (parsed, ct) => FetchAsync(context, parsed, ct)),
        new Command("show", "Show what a folder's release says (without trusting it).") { Folder }.Does(context, parsed =>
        {
            var release = Release.Read(ReleaseFolder.Open(context.FullPath(parsed.GetRequiredValue(Folder))).Document);
            Tell(context, parsed, release, "release");
            return ExitCode.Ok;
        }),
        new Command("keygen", "Make an ECDSA P-256 key pair: the file OUT (private, mode 0600) and OUT.pub.") { KeyFile }.Does(context, parsed => Keygen(context, parsed)),
    };

    private static async Task<int> CreateAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var version = parsed.GetRequiredValue(Version);
        if (!SemanticVersion.TryParse(version.TrimStart('v'), out _))
            throw new CliException($"--version {Names.Quote(version)} is no semantic version such as 1.2.3 or 2.0.0-rc.1", ExitCode.Usage);
        OutputPlace.CheckFolder(context, "--out", parsed.GetRequiredValue(Out));
        var settings = ProjectSettings.Load(context);
        using var key = settings.SigningKey();
        var release = await new ReleaseMaking(context).MakeAsync(
            new ReleaseMaking.Asked(
                parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Evaluation), parsed.GetValue(Predictions), parsed.GetValue(Verdict),
                parsed.GetValue(GoldenData), parsed.GetValue(Golden), parsed.GetValue(SkipGoldenCheck), settings.Model(parsed.GetValue(Name)),
                version, parsed.GetRequiredValue(Out), parsed.GetValue(MaxBytes), parsed.GetValue(MaxMemory), parsed.GetValue(MaxLatency), TargetOf(parsed)),
            key, ct);
        Tell(context, parsed, release, "signed");
        if (release.Provenance.Dirty)
            context.Note("mlops: the working tree has changes that the commit does not hold; the release says so");
        return ExitCode.Ok;
    }

    private static DeviceTarget? TargetOf(ParseResult parsed)
    {
        var target = new DeviceTarget { Classes = parsed.GetValue(DeviceClass) ?? [], MostRuntime = parsed.GetValue(MostRuntime), Expires = ExpiryOf(parsed.GetValue(Expires)) };
        return target.Classes.Count == 0 && target.MostRuntime is null && target.Expires is null ? null : target;
    }

    // The last moment of the day that was given.
    private static DateTimeOffset? ExpiryOf(string? day) =>
        day is null ? null
        : DateOnly.TryParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var date)
            ? new DateTimeOffset(date.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).AddSeconds(-1)
            : throw new CliException($"--expires {Names.Quote(day)} is no day such as 2027-12-31", ExitCode.Usage);

    private static async Task<int> VerifyAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var verified = await ReleaseFolder.Open(context.FullPath(parsed.GetRequiredValue(Folder))).VerifyAsync(TrustedKeys.Of(context), ct);
        Tell(context, parsed, verified.Release, "verified");
        return ExitCode.Ok;
    }

    private static async Task<int> FetchAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        OutputPlace.CheckFolder(context, "--out", parsed.GetRequiredValue(Out));
        var settings = ProjectSettings.Load(context);
        var (environment, model) = (parsed.GetRequiredValue(Environment), settings.Model(parsed.GetValue(Name)));
        using var deploy = await DeployRepository.OpenAsync(
            StoreAddress.OfRepository(context, settings.Deploy(parsed.GetValue(Deploy))), context.Time, new Random((int)context.Time.GetTimestamp()), GitSettings.Of(context), ct);
        var snapshot = await deploy.ReadAsync(ct);
        (await snapshot.PolicyAsync(ct)).Of(environment);
        if (await snapshot.ChannelAsync(environment, model, ct) is not { } channel)
        {
            NothingLive.Write(context.FullPath(parsed.GetRequiredValue(Out)), environment, model);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["environment"] = environment, ["model"] = model, ["release"] = null });
            else
                context.Line($"nothing of {model} is live in {environment} yet");
            return ExitCode.Ok;
        }

        var verified = await snapshot.VerifiedAsync(model, channel.Release, TrustedKeys.Of(context), ct);
        var store = StoreAddress.Open(context, settings.Store(parsed.GetValue(Store)));
        var (document, bundle) = (await snapshot.ReleaseAsync(model, channel.Release, ct))!.Value;
        await new ReleaseDownload(verified, document, bundle, store).ToAsync(context.FullPath(parsed.GetRequiredValue(Out)), ct);
        NothingLive.Clear(context.FullPath(parsed.GetRequiredValue(Out)));
        Tell(context, parsed, verified.Release, "fetched");
        return ExitCode.Ok;
    }

    private static int Keygen(CliContext context, ParseResult parsed)
    {
        var file = context.FullPath(parsed.GetRequiredValue(KeyFile));
        OutputPlace.Check(context, "--out", parsed.GetRequiredValue(KeyFile));
        foreach (var taken in new[] { file, file + ".pub" }.Where(Path.Exists))
            throw new CliException($"{taken} is there already, and keys are never overwritten; name another place with --out");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(file, options))
            writer.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(file + ".pub", key.ExportSubjectPublicKeyInfoPem() + "\n");
        var hint = TrustedKey.Of(key).Hint;
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["private"] = file, ["public"] = file + ".pub", ["hint"] = hint });
        else
            context.Line($"{file} (private: MLOPS_SIGNING_KEY) and {file}.pub (MLOPS_TRUSTED_KEYS), hint {hint}");
        return ExitCode.Ok;
    }

    private static void Tell(CliContext context, ParseResult parsed, Release release, string verb)
    {
        if (parsed.IsJson())
            context.WriteJson(JsonNode.Parse(release.ToBytes())!);
        else
            context.Line($"{verb} {release.Name} {release.Version} ({release.Id.Brief}): {release.Artifacts.Count} files, {release.TotalBytes} bytes, from commit {release.Provenance.Commit[..7]}");
    }
}
