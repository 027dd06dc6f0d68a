using System.Globalization;
using System.Xml.Linq;
using Ci.Build.Tools;

namespace Ci.Build.Image;

/// <summary>Which source the image is built from: all that its labels and dates say.</summary>
internal sealed record ImageFacts(string Version, string Revision, long Epoch)
{
    /// <summary>The Dockerfile's targets; the last one is what action.yml names.</summary>
    public static readonly IReadOnlyList<string> Targets = ["slim", "full"];

    public static string Tag(string target) => $"localhost/mlops-action:{target}";

    public static async Task<ImageFacts> ReadAsync(BuildContext context, CancellationToken cancellation)
    {
        var commit = (await Shell.RunAsync("git", ["log", "-1", "--format=%H %ct"], context.Root, cancellation: cancellation)).OrThrow().Output.Trim().Split(' ');
        var version = XDocument.Load(context.At("Directory.Build.props")).Descendants("Version").Single().Value;
        return new ImageFacts(version, commit[0], long.Parse(commit[1], CultureInfo.InvariantCulture));
    }

    /// <summary>https://specs.opencontainers.org/image-spec/annotations/.</summary>
    public IReadOnlyDictionary<string, string> Labels(string target) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["org.opencontainers.image.title"] = target == "full" ? "mlops-action" : $"mlops-action ({target})",
        ["org.opencontainers.image.description"] = "Continuous integration for machine learning, and delivery of its models to the edge",
        ["org.opencontainers.image.source"] = "https://github.com/OWNER/mlops-action",
        ["org.opencontainers.image.revision"] = this.Revision,
        ["org.opencontainers.image.version"] = this.Version,
        ["org.opencontainers.image.licenses"] = "Apache-2.0",
    };
}
