using Ci.Build.Tools;

namespace Ci.Build.Image;

/// <summary>
/// Buildah with a store of its own under artifacts/: no daemon, no registry, nothing of the machine's images. Isolation by chroot and
/// plain folders as layers work where namespaces and overlay mounts are not allowed, such as inside another container.
/// </summary>
internal sealed class Buildah(BuildContext context)
{
    private readonly string[] store =
    [
        "--root", Path.Combine(context.Artifacts, "image", "storage"), "--runroot", Path.Combine(context.Artifacts, "image", "run"), "--storage-driver", "vfs",
    ];

    /// <summary>Runs a subcommand from the repository's root; its output, or an error that shows what it said.</summary>
    public async Task<string> DoAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        (await this.TryAsync(cancellation, arguments)).OrThrow().Output.Trim();

    public Task<ProcessResult> TryAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        Shell.RunAsync("buildah", [.. this.store, .. arguments], context.Root, cancellation: cancellation);

    public async Task<bool> HasImageAsync(string name, CancellationToken cancellation) =>
        (await this.TryAsync(cancellation, "images", "--quiet", name)).ExitCode == 0;
}
