namespace Ci.Git;

/// <content>Taking single revisions of repositories that are not ours.</content>
public sealed partial class GitRepository
{
    /// <summary>Fetches one revision without its history.</summary>
    /// <param name="remote">An address; anything that would start a helper program or be read as an option is refused.</param>
    /// <param name="revision">A branch, a tag, a whole commit id, or <c>HEAD</c>.</param>
    /// <param name="reference">The full reference that then leads to it here.</param>
    /// <param name="ct">Ends git.</param>
    /// <returns>False when the remote has no such revision; an abbreviation or <c>main~2</c> it does not understand.</returns>
    /// <exception cref="GitUnavailableException">The remote did not answer.</exception>
    public async Task<bool> FetchOneAsync(string remote, string revision, string reference, CancellationToken ct = default)
    {
        string[] arguments =
        [
            .. FetchArguments, "--depth=1", "--no-tags", "--", GitNames.Remote(remote), $"+{GitNames.Revision(revision)}:{GitNames.FullRef(reference)}",
        ];
        var result = await this.git.TryAsync(arguments, ct, environment: await this.CredentialsAsync(remote, ct));
        if (result.ExitCode == 0)
            return true;
        string[] unknown = ["couldn't find remote ref", "invalid refspec", "not our ref", "Server does not allow request", "no such remote ref"];
        return unknown.Any(text => result.Error.Contains(text, StringComparison.OrdinalIgnoreCase)) ? false : throw GitErrors.Of(["fetch"], result);
    }

    /// <summary>Fetches every branch and tag with all history.</summary>
    public async Task FetchEverythingAsync(string remote, CancellationToken ct = default)
    {
        string[] shallow = File.Exists(System.IO.Path.Combine(this.Path, "shallow")) ? ["--unshallow"] : [];
        string[] arguments = [.. FetchArguments, .. shallow, "--prune", "--", GitNames.Remote(remote), "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
        await this.git.RunAsync(["fetch", .. arguments.Skip(1)], ct, environment: await this.CredentialsAsync(remote, ct));
    }

    private static readonly string[] FetchArguments = ["fetch", "--quiet", "--no-write-fetch-head", "--no-auto-maintenance", "--recurse-submodules=no"];
}
