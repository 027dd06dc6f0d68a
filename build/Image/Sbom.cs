using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Build.Image;

/// <summary>
/// What the image is made of, as CycloneDX 1.5: Debian's packages by the image's own list, ours by the lock files. Nothing in it depends on
/// when it is made. https://cyclonedx.org/docs/1.5/json/
/// </summary>
internal static class Sbom
{
    public static JsonObject Of(BuildContext context, string version, DateTimeOffset made, string dpkgStatus, string runtimeVersion) => new()
    {
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.5",
        ["version"] = 1,
        ["metadata"] = new JsonObject
        {
            ["timestamp"] = made.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
            ["component"] = Component("container", "mlops-action", version, $"pkg:oci/mlops-action@{version}"),
        },
        ["components"] = new JsonArray([.. Debian(dpkgStatus).Concat(NuGet(context)).Concat(Runtimes(context, runtimeVersion)).DistinctBy(c => (string)c["bom-ref"]!).OrderBy(c => (string)c["bom-ref"]!, StringComparer.Ordinal)]),
    };

    /// <summary>Packages of a dpkg status file.</summary>
    public static IEnumerable<JsonObject> Debian(string status)
    {
        foreach (var stanza in status.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var fields = stanza.Split('\n').Where(line => line.Length > 0 && line[0] != ' ').Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2)
                .DistinctBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
            var (name, version) = (fields["Package"], fields["Version"]);
            yield return Component("library", name, version, $"pkg:deb/debian/{name}@{Uri.EscapeDataString(version)}?arch={fields["Architecture"]}&distro={DebianBase.Release}");
        }
    }

    // Assemblies of the binary, by the lock file that restores it.
    private static IEnumerable<JsonObject> NuGet(BuildContext context)
    {
        using var locks = JsonDocument.Parse(File.ReadAllBytes(context.At("src", "Ci.Cli", "packages.lock.json")));
        return [.. locks.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("resolved", out _) && !IsAnalyzer(package.Name))
            .Select(package => (package.Name, Version: package.Value.GetProperty("resolved").GetString()!))
            .Select(package => Component("library", package.Name, package.Version, $"pkg:nuget/{package.Name}@{package.Version}"))];
    }

    private static IEnumerable<JsonObject> Runtimes(BuildContext context, string runtimeVersion)
    {
        yield return Component("framework", "Microsoft.NETCore.App", runtimeVersion, $"pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@{runtimeVersion}");
        using var npm = JsonDocument.Parse(File.ReadAllBytes(context.At("build", "npm", "package-lock.json")));
        var onnx = npm.RootElement.GetProperty("packages").GetProperty("node_modules/onnxruntime-node").GetProperty("version").GetString()!;
        yield return Component("library", "onnxruntime", onnx, $"pkg:npm/onnxruntime-node@{onnx}");
    }

    // Runs in the compiler; nothing of it is in the binary.
    private static bool IsAnalyzer(string name) => name.Contains("Analyzer", StringComparison.Ordinal) || name is "Grpc.Tools" || name.StartsWith("Microsoft.NET.ILLink", StringComparison.Ordinal);

    private static JsonObject Component(string type, string name, string version, string address) =>
        new() { ["type"] = type, ["bom-ref"] = address, ["name"] = name, ["version"] = version, ["purl"] = address };
}
