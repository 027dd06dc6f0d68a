using Ci.EdgeAgent.Objects;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>
/// The files of a release in which its model may keep weights. ONNX Runtime maps them into memory where they lie, in the object store: nothing is
/// copied, linked or written, and the names that a model gives are looked up here and never become paths (docs/adr/0029-external-data.md).
/// </summary>
internal static class SideFiles
{
    /// <summary>Names, relative to the model's folder, with their artifacts; nothing else of the release is the model's to open.</summary>
    public static IEnumerable<(string Name, Artifact Artifact)> In(Release release)
    {
        var folder = release.Model.Path[..(release.Model.Path.LastIndexOf('/') + 1)];
        return release.Artifacts
            .Where(a => a.Role == ArtifactRole.Other && a.Path.StartsWith(folder, StringComparison.Ordinal))
            .Select(a => (a.Path[folder.Length..], a));
    }

    /// <summary>Where they lie on this device; null where the release has none.</summary>
    public static ExternalFiles? Of(Release release, ObjectStore objects)
    {
        var paths = In(release).ToDictionary(f => f.Name, f => Path.GetRelativePath(objects.Folder, objects.PathOf(f.Artifact.Sha256.Hex)).Replace('\\', '/'), StringComparer.Ordinal);
        return paths.Count == 0 ? null : ExternalFiles.At(objects.Folder, paths);
    }

    /// <summary>The model's own file and all that it may open.</summary>
    public static long WeightBytes(Release release) => release.Model.Bytes + In(release).Sum(f => f.Artifact.Bytes);
}
