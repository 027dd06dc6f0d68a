using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Build.Image;

namespace Ci.Build.Tasks;

/// <summary>Builds the action's image from its Dockerfile, weighs it, lists what it is made of, and runs it as GitHub would.</summary>
internal sealed class ImageTask : IBuildTask
{
    private static readonly Option<string?> Base = new("--base") { Description = "The Debian image to build over, from a registry; otherwise debootstrap makes one." };

    private static readonly Option<bool> Twice = new("--twice") { Description = "Build a second time without any cache, and compare the layers." };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string Name => "image";

    public string Summary => "Build the action's image (buildah, debootstrap), weigh it, and run its entry point as GitHub would.";

    public IReadOnlyList<Option> Options => [Base, Twice];

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await PublishTask.EnsureAsync(context, cancellation);
        await BuildAsync(context, arguments.GetValue(Base), arguments.GetValue(Twice), cancellation);
        return 0;
    }

    /// <summary>All of it, over binaries that are published already; a <see cref="BuildException"/> says what did not hold.</summary>
    public static async Task BuildAsync(BuildContext context, string? baseImage, bool twice, CancellationToken cancellation)
    {
        await SetupTask.NeedDebianAsync("buildah", "buildah", "builds the image", cancellation);
        var buildah = new Buildah(context);
        var facts = await ImageFacts.ReadAsync(context, cancellation);
        baseImage ??= await DebianBase.EnsureAsync(context, buildah, TimeProvider.System.GetUtcNow(), cancellation);
        var goals = JsonNode.Parse(await File.ReadAllTextAsync(context.At("action", "size-goals.json"), cancellation))!;
        foreach (var target in ImageFacts.Targets)
        {
            var size = await BuildAsync(context, buildah, facts, baseImage, target, cached: true, cancellation);
            BuildContext.Say($"image: {ImageFacts.Tag(target)} {size.Digest}");
            BuildContext.Say($"  {"layer",-52} {"MiB",7} {"unpacked",8}");
            size.Table().ToList().ForEach(BuildContext.Say);
            await KeepAsync(context, buildah, facts, target, size, cancellation);
            if (size.Excess((double)goals[target]!) is { } excess)
                throw new BuildException(excess);
            if (twice)
                Same(target, size, await BuildAsync(context, buildah, facts, baseImage, target, cached: false, cancellation));
        }

        if (twice)
            BuildContext.Say("image: built twice without a cache: the same layers, byte for byte");
        await ImageRun.PlayAsync(context, buildah, cancellation);
        // Every step is a whole copy of the file system in this store: gigabytes. The Debian and the two images stay.
        await buildah.TryAsync(cancellation, "rmi", "--prune", "--force");
    }

    private static async Task<ImageSize> BuildAsync(
        BuildContext context, Buildah buildah, ImageFacts facts, string baseImage, string target, bool cached, CancellationToken cancellation)
    {
        // Layers, so that a runner's cache keeps what did not change; --timestamp, so that the same files are the same image.
        string[] build =
        [
            "build", "--isolation", "chroot", "--layers", .. cached ? Array.Empty<string>() : ["--no-cache"], "--format", "oci",
            "--timestamp", facts.Epoch.ToString(CultureInfo.InvariantCulture), "--build-arg", $"BASE={baseImage}", "--target", target,
            .. facts.Labels(target).SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" }),
            "--file", "action/Dockerfile", "--ignorefile", "action/Dockerfile.dockerignore", "--tag", ImageFacts.Tag(target), ".",
        ];
        await buildah.DoAsync(cancellation, build);
        var layout = Path.Combine(context.Artifacts, "image", cached ? target : $"{target}-again");
        if (Directory.Exists(layout))
            Directory.Delete(layout, recursive: true);
        await buildah.DoAsync(cancellation, "push", "--quiet", ImageFacts.Tag(target), $"oci:{layout}:{target}");
        return await ImageSize.OfAsync(layout, cancellation);
    }

    // The manifest differs: buildah notes the numbers of its own store in it. What runs is the layers.
    private static void Same(string target, ImageSize first, ImageSize second)
    {
        foreach (var (one, other) in first.Layers.Zip(second.Layers).Where(pair => pair.First.Digest != pair.Second.Digest))
            throw new BuildException($"a second build of {target} is another image: the layer {one.Name} was {one.Digest} and is {other.Digest}");
    }

    private static async Task KeepAsync(BuildContext context, Buildah buildah, ImageFacts facts, string target, ImageSize size, CancellationToken cancellation)
    {
        var container = await buildah.DoAsync(cancellation, "from", ImageFacts.Tag(target));
        var status = await buildah.DoAsync(cancellation, "run", "--isolation", "chroot", container, "--", "cat", "/var/lib/dpkg/status");
        await buildah.DoAsync(cancellation, "rm", container);
        var sbom = Sbom.Of(context, facts.Version, DateTimeOffset.FromUnixTimeSeconds(facts.Epoch), status, Environment.Version.ToString());
        var folder = Path.Combine(context.Artifacts, "image");
        await File.WriteAllTextAsync(Path.Combine(folder, $"{target}.sbom.cdx.json"), sbom.ToJsonString(Indented) + "\n", cancellation);
        var summary = new JsonObject
        {
            ["tag"] = ImageFacts.Tag(target), ["digest"] = size.Digest, ["compressedMiB"] = Math.Round(size.Compressed, 1), ["unpackedMiB"] = Math.Round(size.Unpacked, 1), ["packages"] = ((JsonArray)sbom["components"]!).Count,
        };
        await File.WriteAllTextAsync(Path.Combine(folder, $"{target}.json"), summary.ToJsonString(Indented) + "\n", cancellation);
    }
}
