using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Files;

/// <summary>
/// Commands are run by root (<c>sudo edge-agent pin …</c>), and the agent is not root: what root makes in the agent's folder belongs to whom the
/// folder belongs. Else root's umask would decide whether the agent can read its own orders and bundles.
/// </summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100;
    private const int NotThroughLinks = 0x100;
    private const uint UserAndGroup = 0x8 | 0x10;

    /// <summary>Gives a file or folder to the owner of the folder that it lies in, where this process is root and that owner is not.</summary>
    public static void Inherit(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || OwnerOf(Path.GetDirectoryName(path)!) is not { User: > 0 } owner || OwnerOf(path) == owner)
            return;
        // Refused in a sandbox that may not: then everything is as it would have been.
        _ = ChangeOwner(path, owner.User, owner.Group);
    }

    private static (uint User, uint Group)? OwnerOf(string path)
    {
        // struct statx, the same on every architecture: user at 20, group at 24 of 256 bytes.
        var facts = new byte[256];
        return Statx(CurrentFolder, path, NotThroughLinks, UserAndGroup, facts) == 0
            ? (BitConverter.ToUInt32(facts, 20), BitConverter.ToUInt32(facts, 24))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] facts);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
