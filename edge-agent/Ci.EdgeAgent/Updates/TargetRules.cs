using Ci.EdgeAgent.Configuration;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>Whether a verified release is the one that was asked for, and made for a device like this. Nothing has been fetched yet.</summary>
internal static class TargetRules
{
    public static void CheckIdentity(Release release, string wanted, string model)
    {
        if (release.Id.Hex != wanted)
            throw new ReleaseRefusedException(RefusalCode.ReleaseIdMismatch, $"the channel names release {wanted[..12]}, the document is {release.Id.Brief}");
        if (release.Name != model)
            throw new ReleaseRefusedException(RefusalCode.ReleaseIdMismatch, $"the release is of the model {Names.Quote(release.Name)}, the channel of {model}");
    }

    public static void CheckTarget(Release release, TrustSettings trust, string runtimeVersion, DateTimeOffset now)
    {
        var total = ModelRoom.Needed(release).Sum(a => a.Bytes);
        if (total > release.Limits.MaxBytes)
            throw new ReleaseRefusedException(RefusalCode.SizeLimit, $"its files have {total} bytes; its own limit is {release.Limits.MaxBytes}");
        if (release.Target?.Expires is { } expires && now > expires)
            throw new ReleaseRefusedException(RefusalCode.ReleaseExpired, $"it may not be installed after {expires:u}, and it is {now:u}");
        CheckDevice(release, trust, runtimeVersion);
    }

    /// <summary>What must hold before an installation and after every start, since both this device's rules and its runtime may have changed in between.</summary>
    public static void CheckDevice(Release release, TrustSettings trust, string runtimeVersion)
    {
        if (release.Target is { } target)
            CheckTarget(target, trust, runtimeVersion);
        if (!release.RunsOn(runtimeVersion))
            throw new ReleaseRefusedException(RefusalCode.RuntimeTooOld, $"it needs ONNX Runtime {release.LeastRuntime}; this device has {runtimeVersion}");
        ModelRules.CheckOpset(release.Opsets, trust, runtimeVersion);
    }

    private static void CheckTarget(DeviceTarget target, TrustSettings trust, string runtimeVersion)
    {
        if (!target.Fits(trust.DeviceClass))
        {
            throw new ReleaseRefusedException(
                RefusalCode.DeviceClass,
                $"it was made for {string.Join(", ", target.Classes)}; this device is {(trust.DeviceClass is { } kind ? $"of the class {kind}" : "of no class (`trust.deviceClass`)")}");
        }

        if (!target.RunsOn(runtimeVersion))
            throw new ReleaseRefusedException(RefusalCode.RuntimeTooNew, $"it was tried with ONNX Runtime up to {target.MostRuntime}; this device has {runtimeVersion}");
    }
}
