using Ci.Releases;

namespace Ci.EdgeAgent.Sources;

/// <summary>A bundle whose index verified. Its channels are those that the index lists; its releases are proven by their own signatures.</summary>
internal sealed record Bundle(BundleArchive Archive, MirrorIndex Index)
{
    /// <summary>Opens and verifies; the time is judged by the caller.</summary>
    /// <exception cref="ReleaseRefusedException">The first rule that does not hold.</exception>
    public static Bundle Open(string path, IReadOnlyList<TrustedKey> keys)
    {
        var archive = BundleArchive.Open(path);
        var bytes = archive.Read(MirrorIndex.FileName) ?? throw new ReleaseRefusedException(RefusalCode.BundleMalformed, $"{path} has no {MirrorIndex.FileName}; `mlops edge bundle` writes one");
        return new Bundle(archive, MirrorIndex.Read(bytes, keys));
    }

    /// <summary>A channel as the index lists it; null where the bundle has none.</summary>
    /// <exception cref="ReleaseRefusedException">mirror-mismatch, channel-malformed.</exception>
    public (byte[] Bytes, Channel Channel)? ChannelAt(string path)
    {
        if (Index.DigestOf(path) is not { } wanted)
            return null;
        if (Archive.Read(path) is not { } bytes)
            return null; // An index of a whole mirror over one model of it.
        return Sha256Digest.Of(bytes) == wanted
            ? (bytes, Channel.Read(bytes))
            : throw new ReleaseRefusedException(RefusalCode.MirrorMismatch, $"{Archive.Path}: {path} is not the file that the signed index lists");
    }

    /// <summary>Throws where the index is too old to be believed.</summary>
    public void CheckTime(TrustedClock clock)
    {
        if (clock.Now > Index.Expires)
            throw new ReleaseRefusedException(RefusalCode.MirrorExpired, $"{Archive.Path} expired at {Index.Expires:u}; make a new one (`mlops edge bundle`)");
    }
}
