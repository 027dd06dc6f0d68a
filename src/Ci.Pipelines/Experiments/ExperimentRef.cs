using Ci.Git;

namespace Ci.Pipelines.Experiments;

/// <summary>The name of an experiment's reference: <c>refs/exps/AA/REST/NAME</c>, where AAREST is the commit that it began from, as DVC names them.</summary>
/// <param name="Base">The full id of the commit that it began from.</param>
/// <param name="Name">Its own name.</param>
public sealed record ExperimentRef(string Base, string Name)
{
    /// <summary>Below it, every experiment that came to an end.</summary>
    public const string Finished = "refs/exps";

    /// <summary>Below it, those that failed: DVC would take them for results.</summary>
    public const string Failed = "refs/mlops/exps/failed";

    /// <summary>Below it, the states that queued ones will begin from, so that git keeps them.</summary>
    public const string Queued = "refs/mlops/exps/queue";

    public string FullName => $"{Finished}/{this.Base[..2]}/{this.Base[2..]}/{this.Name}";

    public string FailedName => $"{Failed}/{this.Base[..2]}/{this.Base[2..]}/{this.Name}";

    /// <summary>Reads a reference's full name; null when it is not an experiment's (DVC keeps other things below <c>refs/exps</c>, too).</summary>
    public static ExperimentRef? Parse(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var prefix = reference.StartsWith(Failed + "/", StringComparison.Ordinal) ? Failed : Finished;
        if (!reference.StartsWith(prefix + "/", StringComparison.Ordinal) || reference[(prefix.Length + 1)..].Split('/') is not [{ Length: 2 } head, { Length: 38 or 62 } rest, { Length: > 0 } name])
            return null;
        return (head + rest).All(char.IsAsciiHexDigitLower) ? new ExperimentRef(head + rest, name) : null;
    }

    /// <summary>Refuses a name that cannot be one.</summary>
    /// <exception cref="PipelineException">Git does not allow it, or it holds a '/', which DVC does not allow.</exception>
    public static async Task CheckNameAsync(GitRepository git, string name, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(git);
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > 200 || name.Contains('/', StringComparison.Ordinal) || name[0] == '-' || !await git.IsRefNameAsync($"{Finished}/00/{name}", ct))
        {
            var shown = new string([.. name.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
            throw new PipelineException($"`{shown}` cannot be the name of an experiment: letters, digits, '-', '_' and '.' are safe; no '/', space or '..', and nothing that `git check-ref-format` refuses");
        }
    }
}
