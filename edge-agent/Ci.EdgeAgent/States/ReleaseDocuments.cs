using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.States;

/// <summary>The signed documents of the releases that this device serves, goes back to, or is bringing in: <c>releases/ID.json</c> and its bundle.</summary>
internal sealed class ReleaseDocuments(IDeviceFiles files, string folder)
{
    private const string BundleSuffix = ".sigstore.json";
    private const int MaxDocumentBytes = 4 * 1024 * 1024;

    public void Keep(string id, byte[] release, byte[] bundle)
    {
        // The bundle last: a release without its bundle counts as absent.
        DurableFile.Replace(files, PathOf(id, ".json"), release);
        DurableFile.Replace(files, PathOf(id, BundleSuffix), bundle);
    }

    /// <summary>The kept release document and its bundle; null where either is missing.</summary>
    public (byte[] Release, byte[] Bundle)? Read(string id)
    {
        var release = DurableFile.Read(files, PathOf(id, ".json"), MaxDocumentBytes);
        var bundle = DurableFile.Read(files, PathOf(id, BundleSuffix), MaxDocumentBytes);
        return release is null || bundle is null ? null : (release, bundle);
    }

    /// <summary>Every release of which any document is here.</summary>
    public IReadOnlyList<string> Ids() =>
        [.. files.List(folder).Select(IdOf).OfType<string>().Distinct(StringComparer.Ordinal)];

    public void Forget(string id)
    {
        files.Delete(PathOf(id, BundleSuffix));
        files.Delete(PathOf(id, ".json"));
    }

    private static string? IdOf(string path)
    {
        var name = Path.GetFileName(path);
        var suffix = name.EndsWith(BundleSuffix, StringComparison.Ordinal) ? BundleSuffix : ".json";
        return name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : null;
    }

    private string PathOf(string id, string suffix) => Path.Combine(folder, id + suffix);
}
