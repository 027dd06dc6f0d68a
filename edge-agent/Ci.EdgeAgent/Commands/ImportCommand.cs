using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates;
using Ci.Releases;

namespace Ci.EdgeAgent.Commands;

/// <summary>
/// Takes a bundle that was carried here. Everything that a device with a network would refuse is refused now, while the person with the
/// stick is still there; the agent, running or not, then follows it through the very same states.
/// </summary>
internal static class ImportCommand
{
    public static readonly Argument<string> Bundle = new("file") { Description = "The bundle." };

    private const int MaxPointerBytes = 64 << 10;

    public static async Task<int> RunAsync(CommandContext context, CancellationToken ct)
    {
        var (configuration, world) = (context.Configuration(), context.World);
        var keys = TrustedKeyFiles.Read(configuration.TrustedKeys);
        var sourceKeys = SourceSet.KeysOf(configuration, keys);
        var memory = new SourceMemory(world.Files, configuration.Data, new TrustedClock(world.Time));
        var path = Path.GetFullPath(context.Parsed.GetValue(Bundle)!);
        if (!File.Exists(path))
            throw new EdgeAgentException($"{path} does not exist; `mlops edge bundle` makes bundles");
        var bundle = Sources.Bundle.Open(path, sourceKeys);
        if (memory.Clock.IsImpossible(bundle.Index.IssuedAt))
            throw new ReleaseRefusedException(RefusalCode.MirrorMalformed, $"{path} says that it was signed at {bundle.Index.IssuedAt:u}, which is yet to come; set this device's clock, or that of whoever made it");
        memory.Learn(bundle.Index.IssuedAt);
        bundle.CheckTime(memory.Clock);

        var taken = new List<string>();
        foreach (var model in configuration.Models)
        {
            if (bundle.ChannelAt(Channel.PathOf(configuration.Environment, model)) is var (_, channel))
                taken.Add(Check(bundle, channel, configuration, model, keys, world, memory, ct));
        }

        if (taken.Count == 0)
            throw new ReleaseRefusedException(RefusalCode.ChannelMalformed, $"{path} is for {string.Join(", ", bundle.Index.Channels.Select(c => c.Path))}; this device follows {configuration.Environment} of {string.Join(", ", configuration.Models)}");
        Take(bundle, configuration, sourceKeys, world, ct);
        taken.Add($"the agent takes it up at its next look (every {configuration.PollSeconds:G} s)");
        return await context.SayAsync(new CommandAnswer("import", true, string.Join('\n', taken)));
    }

    private static void Take(Bundle bundle, AgentConfiguration configuration, IReadOnlyList<TrustedKey> keys, AgentWorld world, CancellationToken ct)
    {
        using var alone = Alone(configuration.Data);
        using var budget = ImportBudget.Begin(world.Files, configuration.Data, configuration.Quota, world.Time, ImportedBundles.NameOf(bundle), bundle.Archive.Length);
        new ImportedBundles(budget.Files, configuration.Data, keys).Add(bundle, ct);
        budget.Done();
    }

    private static FileStream Alone(string data)
    {
        Directory.CreateDirectory(data);
        try
        {
            return new FileStream(Path.Combine(data, "import.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new EdgeAgentException($"another import works in {data} ({error.Message}); wait for it", error);
        }
    }

    private static string Check(
        Bundle bundle, Channel channel, AgentConfiguration configuration, string model, IReadOnlyList<TrustedKey> keys, AgentWorld world, SourceMemory memory, CancellationToken ct)
    {
        if (channel.Environment != configuration.Environment || channel.Model != model)
            throw new ReleaseRefusedException(RefusalCode.ChannelMalformed, $"the channel says {channel.Environment}/{channel.Model}, but lies where {configuration.Environment}/{model} belongs");
        var floor = FloorOf(world.Files, configuration.Data, model);
        if (channel.Sequence < floor)
            throw new ReleaseRefusedException(RefusalCode.SequenceRollback, $"the channel's sequence is {channel.Sequence}; this device has seen {floor} and it only ever rises");
        var id = channel.ReleaseFor(configuration.Device);
        var name = $"releases/{model}/{id.Hex}";
        var (document, signature) = (Need(bundle, name + ".json"), Need(bundle, name + ".sigstore.json"));
        var release = ReleaseVerification.Verify(document, signature, keys).Release;
        TargetRules.CheckIdentity(release, id.Hex, model);
        memory.Learn(release.Provenance.CreatedAt);
        foreach (var artifact in ModelRoom.Needed(release))
            Check(bundle, artifact, ct);
        return $"{model} {release.Version} ({release.Id.Brief}, sequence {channel.Sequence}): signature, digests and sizes hold";
    }

    private static void Check(Bundle bundle, Artifact artifact, CancellationToken ct)
    {
        var name = BundleFormat.ObjectName(artifact.Sha256);
        if (bundle.Archive.SizeOf(name) is not { } size)
            throw new ReleaseRefusedException(RefusalCode.BlobMissing, $"the bundle does not hold {artifact.Path}, which its release names");
        if (size != artifact.Bytes)
            throw new ReleaseRefusedException(RefusalCode.SizeMismatch, $"{artifact.Path} has {size} bytes in the bundle; {artifact.Bytes} were signed");
        ct.ThrowIfCancellationRequested();
        using var content = bundle.Archive.OpenRead(name, 0)!;
        if (Sha256Digest.FromRaw(SHA256.HashData(content)) != artifact.Sha256)
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{artifact.Path} in the bundle is not the file that was signed");
    }

    private static byte[] Need(Bundle bundle, string name) =>
        bundle.Archive.Read(name) ?? throw new ReleaseRefusedException(RefusalCode.BlobMissing, $"the bundle does not hold {name}, which its channel names");

    private static long FloorOf(IDeviceFiles files, string data, string model)
    {
        try
        {
            return DurableFile.Read(files, Path.Combine(data, "models", model, "current"), MaxPointerBytes) is { } bytes
                ? CurrentPointer.Parse(bytes).Sequence
                : 0;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw new EdgeAgentException($"the device's own pointer of {model} is damaged: {error.Message}; `edge-agent resume` first", error);
        }
    }
}
