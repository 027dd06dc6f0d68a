namespace Ci.Git;

/// <content>Talking to remotes: fetches, compare-and-swap pushes, and moving local references.</content>
public sealed partial class GitRepository
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Moves references on a remote (a name, address or path), all or none, each only if it still is what the caller last saw. Pushing what
    /// is there already is <see cref="PushOutcome.Accepted"/>.
    /// </summary>
    /// <exception cref="GitUnavailableException">The remote did not answer; whether the push arrived is not known: push again.</exception>
    /// <exception cref="GitRefusedException">Credentials, a protection rule or a hook said no.</exception>
    public async Task<PushOutcome> PushAsync(string remote, IReadOnlyList<RefUpdate> updates, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(updates);
        if (updates.Count == 0)
            return PushOutcome.Accepted;
        List<string> arguments = ["push", "--porcelain", "--atomic", "--no-follow-tags", "--recurse-submodules=no"];
        arguments.AddRange(updates.Select(u => $"--force-with-lease={GitNames.FullRef(u.Ref)}:{(u.ExpectedOld is null ? "" : GitNames.Revision(u.ExpectedOld))}"));
        arguments.AddRange(["--", GitNames.Remote(remote)]);
        arguments.AddRange(updates.Select(u => $"{(u.NewCommit is null ? "" : GitNames.Revision(u.NewCommit))}:{u.Ref}"));
        var result = await this.git.TryAsync(arguments, ct, environment: await this.CredentialsAsync(remote, ct));
        return PushReport.Read(arguments, result);
    }

    /// <summary>Fetches exactly these refspecs from a remote (a name, address or path); no tags but those asked for.</summary>
    /// <exception cref="GitUnavailableException">The remote did not answer.</exception>
    public async Task FetchAsync(string remote, IReadOnlyList<string> refspecs, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(refspecs);
        string[] arguments =
        [
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--recurse-submodules=no", "--", GitNames.Remote(remote),
            .. refspecs.Select(GitNames.Revision),
        ];
        var credentials = await this.CredentialsAsync(remote, ct);
        if (this.git.Options.MostFetchedBytes is { } most)
            await this.FetchAtMostAsync(arguments, credentials, most, ct);
        else
            await this.git.RunAsync(arguments, ct, environment: credentials);
    }

    /// <summary>The references of a remote by full name, without fetching anything.</summary>
    /// <param name="remote">A name, address or path.</param>
    /// <param name="patterns">As of <c>git ls-remote</c>: <c>refs/heads/main</c>, <c>refs/tags/*</c>; none means all.</param>
    /// <param name="ct">Ends git.</param>
    public async Task<IReadOnlyDictionary<string, string>> RemoteRefsAsync(string remote, IReadOnlyList<string> patterns, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        string[] arguments = ["ls-remote", "--quiet", "--", GitNames.Remote(remote), .. patterns.Select(GitNames.Revision)];
        var result = await this.git.RunAsync(arguments, ct, environment: await this.CredentialsAsync(remote, ct));
        return result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t', 2))
            .ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
    }

    /// <summary>The address that a remote's name stands for; null when there is no remote of that name.</summary>
    public async Task<string?> RemoteUrlAsync(string name, CancellationToken ct = default)
    {
        var result = await this.git.TryAsync(["remote", "get-url", "--", GitNames.Remote(name)], ct);
        return result.ExitCode == 0 ? result.Text.TrimEnd('\n') : null;
    }

    /// <summary>Moves a local reference only if it still is what the caller last saw (null: it must not exist; a null new value deletes).</summary>
    /// <returns>Whether it was moved.</returns>
    public async Task<bool> UpdateRefAsync(string name, string? newCommit, string? expectedOld, CancellationToken ct = default)
    {
        var old = expectedOld is null ? new string('0', 40) : GitNames.Revision(expectedOld);
        string[] arguments = newCommit is null
            ? ["update-ref", "-d", GitNames.FullRef(name), old]
            : ["update-ref", GitNames.FullRef(name), GitNames.Revision(newCommit), old];
        var result = await this.git.TryAsync(arguments, ct);
        if (result.ExitCode == 0)
            return true;
        return result.Error.Contains("cannot lock ref", StringComparison.Ordinal) ? false : throw GitErrors.Of(arguments, result);
    }

    // Git has no such limit for those who fetch (receive.maxInputSize is for those who are pushed to), so the folder is watched.
    private async Task FetchAtMostAsync(string[] arguments, IReadOnlyDictionary<string, string>? credentials, long most, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var fetching = this.git.RunAsync(arguments, ending.Token, environment: credentials);
        while (await Task.WhenAny(fetching, Task.Delay(LookEvery, ct)) != fetching && !ct.IsCancellationRequested && this.BytesOnDisk() <= most)
        {
            // It goes on.
        }

        if (!fetching.IsCompleted)
            await ending.CancelAsync();
        try
        {
            await fetching;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw TooLarge();
        }

        if (this.BytesOnDisk() > most)
            throw TooLarge();

        GitLimitException TooLarge() => new($"the remote sends more than fits into {most >> 20} MiB; that is more than is taken from it");
    }

    private long BytesOnDisk()
    {
        try
        {
            return new DirectoryInfo(this.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);
        }
        catch (IOException)
        {
            return 0; // Git moved something while it was being looked at: the next look tells.
        }
    }

    private async Task<IReadOnlyDictionary<string, string>?> CredentialsAsync(string remote, CancellationToken ct) =>
        this.git.Options.Token is null ? null : GitCredentials.For(await this.RemoteUrlAsync(remote, ct) ?? remote, this.git.Options);
}
