using System.Text.Json;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Commands;

/// <summary>What commands may read of a model's folder while the agent owns it: small files that are replaced in one step.</summary>
internal static class ModelFolder
{
    private const int MaxPointerBytes = 64 * 1024;
    private const int MaxDocumentBytes = 4 * 1024 * 1024;
    private const string Suffix = ".sigstore.json";

    /// <summary>What serves by the device's own word; null where nothing ever did or the file is damaged.</summary>
    public static CurrentPointer? Pointer(IDeviceFiles files, string data, string model)
    {
        try
        {
            return DurableFile.Read(files, Path.Combine(data, "models", model, "current"), MaxPointerBytes) is { } bytes
                ? JsonSerializer.Deserialize(bytes, AgentJson.Default.CurrentPointer)
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The releases on this device by id, with the version that each calls itself.</summary>
    public static IReadOnlyDictionary<string, string> Releases(IDeviceFiles files, string data, string model)
    {
        var folder = Path.Combine(data, "models", model, "releases");
        return files.List(folder).Select(p => Path.GetFileName(p)).Where(n => n.EndsWith(Suffix, StringComparison.Ordinal)).Select(n => n[..^Suffix.Length])
            .ToDictionary(id => id, id => VersionOf(files, Path.Combine(folder, id + ".json")), StringComparer.Ordinal);
    }

    private static string VersionOf(IDeviceFiles files, string path)
    {
        try
        {
            if (DurableFile.Read(files, path, MaxDocumentBytes) is not { } bytes)
                return "";
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.TryGetProperty("version", out var version) ? version.GetString() ?? "" : "";
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or InvalidOperationException or IOException)
        {
            return ""; // The agent verifies it; here it only has no name.
        }
    }
}
