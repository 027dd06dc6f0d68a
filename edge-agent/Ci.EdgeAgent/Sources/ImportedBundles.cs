using Ci.EdgeAgent.Files;
using Ci.Releases;

namespace Ci.EdgeAgent.Sources;

/// <summary>
/// The bundles that were carried to this device, in <c>data/imports</c>: whole files, each proven when it was imported and again whenever an
/// agent opens it. A newer one takes the place of those that say nothing newer.
/// </summary>
internal sealed class ImportedBundles(IDeviceFiles files, string data, IReadOnlyList<TrustedKey> keys)
{
    private readonly Dictionary<string, Bundle?> opened = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    private string Folder => Path.Combine(data, "imports");

    /// <summary>Those that can be believed, in no order. A damaged one is as good as none.</summary>
    public IReadOnlyList<Bundle> All()
    {
        lock (gate)
        {
            var paths = files.List(Folder).Where(p => p.EndsWith(".bundle", StringComparison.Ordinal)).ToList();
            foreach (var gone in opened.Keys.Except(paths, StringComparer.Ordinal).ToList())
                opened.Remove(gone);
            return [.. paths.Select(Open).OfType<Bundle>()];
        }
    }

    /// <summary>What a bundle is called here.</summary>
    public static string NameOf(Bundle bundle) => $"{bundle.Index.IssuedAt.UtcTicks:x16}-{Sha256Digest.Of(bundle.Archive.Read(MirrorIndex.FileName)!).Hex[..16]}";

    /// <summary>Copies a bundle here, durably, and removes those that it outdates, and what an import that was cut off left. One at a time.</summary>
    public void Add(Bundle bundle, CancellationToken ct)
    {
        var before = All();
        var final = Path.Combine(Folder, NameOf(bundle) + ".bundle");
        DurableFile.RemoveTemporaries(files, Folder);
        Copy(bundle, final, ct);
        foreach (var old in before.Where(o => o.Archive.Path != final && o.Index.Channels.All(c => SequenceIn(bundle, c.Path) >= SequenceIn(o, c.Path))))
            files.Delete(old.Archive.Path);
    }

    private void Copy(Bundle bundle, string final, CancellationToken ct)
    {
        var temporary = final + DurableFile.TemporarySuffix;
        try
        {
            Write(bundle, temporary, ct);
        }
        catch
        {
            files.Delete(temporary); // A full disk must not stay full of it.
            throw;
        }

        files.Rename(temporary, final);
        files.SyncFolder(Folder);
    }

    private void Write(Bundle bundle, string temporary, CancellationToken ct)
    {
        using var from = new FileStream(bundle.Archive.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var to = files.OpenAppend(temporary);
        var buffer = new byte[1 << 17];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            ct.ThrowIfCancellationRequested();
            to.Write(buffer.AsSpan(0, read));
        }

        to.Sync();
    }

    private static long SequenceIn(Bundle bundle, string path) => bundle.ChannelAt(path)?.Channel.Sequence ?? 0;

    private Bundle? Open(string path)
    {
        if (opened.TryGetValue(path, out var known))
            return known;
        try
        {
            return opened[path] = Bundle.Open(path, keys);
        }
        catch (Exception error) when (error is ReleaseRefusedException or IOException or UnauthorizedAccessException)
        {
            return opened[path] = null;
        }
    }
}
