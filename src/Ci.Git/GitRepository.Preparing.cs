using System.Globalization;

namespace Ci.Git;

/// <content>Preparing a clone for a job: its own configuration and history, nobody else's.</content>
public sealed partial class GitRepository
{
    /// <summary>Sets a value in this repository's configuration, never the user's.</summary>
    public Task SetLocalAsync(string key, string value, CancellationToken ct = default) =>
        this.git.RunAsync(["config", "--local", "--replace-all", key, value], ct);

    /// <summary>
    /// Lets every later git in this repository sign in at the remote's host with the token in an environment variable: the configuration
    /// names the variable and holds no secret. A header that a checkout step has left for the host is removed, for forges refuse two.
    /// </summary>
    /// <param name="variable">The variable's name: letters, digits and underscores.</param>
    /// <param name="remote">The remote's name.</param>
    /// <param name="ct">Ends git.</param>
    /// <returns>False where the remote is not reached over http(s), and nothing was set.</returns>
    public async Task<bool> UseTokenOfAsync(string variable, string remote, CancellationToken ct = default)
    {
        if (variable.Length == 0 || !variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new GitRefusedException($"`{variable}` is no name of an environment variable");
        if (await this.RemoteUrlAsync(remote, ct) is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return false;
        var place = $"{uri.Scheme}://{uri.Authority}";
        await this.git.TryAsync(["config", "--local", "--unset-all", $"http.{place}/.extraheader"], ct);
        // An empty helper first drops those that are set outside, which would be asked before ours.
        await this.SetLocalAsync($"credential.{place}.helper", "", ct);
        await this.git.RunAsync(
            ["config", "--local", "--add", $"credential.{place}.helper", $"!f() {{ test \"$1\" = get && printf 'username=x-access-token\\npassword=%s\\n' \"${variable}\"; }}; f"], ct);
        return true;
    }

    /// <summary>Fetches so many commits of every branch and tag, or (0) all that a shallow clone lacks. False where nothing was lacking.</summary>
    public async Task<bool> DeepenAsync(string remote, int depth, CancellationToken ct = default)
    {
        string[] how = ["--depth", depth.ToString(CultureInfo.InvariantCulture)];
        if (depth == 0)
        {
            if ((await this.git.RunAsync(["rev-parse", "--is-shallow-repository"], ct)).Line != "true")
                return false;
            how = ["--unshallow"];
        }

        await this.git.RunAsync(["fetch", "--quiet", "--tags", .. how, "--", GitNames.Remote(remote)], ct, environment: await this.CredentialsAsync(remote, ct));
        return true;
    }

    /// <summary>Files of the work tree that differ from the last commit, and new ones that are not ignored; from <see cref="Path"/>. Deleted ones are not among them.</summary>
    public async Task<IReadOnlyList<string>> ChangedFilesAsync(CancellationToken ct = default)
    {
        var result = await this.git.RunAsync(["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"], ct);
        return [.. result.Fields.Where(field => field.Length > 3).Select(field => field[3..]).Where(path => File.Exists(System.IO.Path.Combine(this.Path, path)))];
    }
}
