using Ci.Build.Tasks;
using Ci.Build.Tools;

namespace Ci.Build.Image;

/// <summary>A Debian to build over, made from Debian's own package mirror by debootstrap: no image registry has to be asked or trusted.</summary>
internal static class DebianBase
{
    public const string Release = "trixie";
    private const string Mirror = "http://deb.debian.org/debian";
    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    // One base a month: Debian's updates come in, and builds between need no mirror.
    public static string Name(DateTimeOffset now) => FormattableString.Invariant($"localhost/debian-{Release}:{now:yyyyMM}");

    /// <summary>Makes it where the store has none of this month; returns the image's name.</summary>
    public static async Task<string> EnsureAsync(BuildContext context, Buildah buildah, DateTimeOffset now, CancellationToken cancellation)
    {
        var name = Name(now);
        if (await buildah.HasImageAsync(name, cancellation))
            return name;
        if (Environment.UserName != "root")
            throw new BuildException("debootstrap makes device files and needs root: `sudo env PATH=\"$PATH\" dotnet run --project build -- image`, or name a base that you have with --base IMAGE");
        await SetupTask.NeedDebianAsync("debootstrap", "debootstrap", "makes the Debian that the image is built over", cancellation);
        await SetupTask.NeedDebianAsync(Keyring, "debian-archive-keyring", "Debian's keys, by which debootstrap checks what it downloads", cancellation);
        BuildContext.Say($"image: debootstrap {Release} (a minute; kept as {name})");
        var folder = Path.Combine(context.Artifacts, "image", "base");
        var archive = folder + ".tar";
        Remove(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        (await Shell.RunAsync("debootstrap", ["--variant=minbase", $"--keyring={Keyring}", Release, folder, Mirror], context.Root, cancellation: cancellation)).OrThrow();
        await File.AppendAllTextAsync(Path.Combine(folder, "etc", "apt", "sources.list"), $"deb {Mirror} {Release}-updates main\ndeb {Mirror}-security {Release}-security main\n", cancellation);
        (await Shell.RunAsync("tar", ["-C", folder, "--exclude=./var/cache/apt/archives/*.deb", "-cf", archive, "."], context.Root, cancellation: cancellation)).OrThrow();
        Remove(folder);
        var container = await buildah.DoAsync(cancellation, "from", "scratch");
        await buildah.DoAsync(cancellation, "add", "--quiet", container, archive, "/");
        await buildah.DoAsync(cancellation, "commit", "--quiet", "--rm", container, name);
        File.Delete(archive);
        return name;
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
