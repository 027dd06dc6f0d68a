using Ci.Git;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>
/// A promotion as a commit: the source's tree, with the target and the source as parents. It is free of conflicts and equal to what was
/// tested; a text merge of <c>dvc.lock</c> would be a state that nobody trained.
/// </summary>
public sealed record PreparedCommit
{
    private const string ReleaseTrailer = "Promotion-Release";
    private const string ModelTrailer = "Promotion-Model";
    private const string EnvironmentTrailer = "Promotion-Environment";
    private const string SourceTrailer = "Promotion-Source";

    public required string Commit { get; init; }

    public required string Environment { get; init; }

    public required string Model { get; init; }

    public required Sha256Digest Release { get; init; }

    /// <summary>The upstream commit whose tree it has.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<string> Parents { get; init; }

    /// <summary>The branch that a promotion's pull request comes from.</summary>
    public static string BranchOf(string environment, Sha256Digest release) => $"promote/{environment}/{release.Brief}";

    /// <summary>The message of such a commit.</summary>
    internal static string Message(string environment, Release release, string source) =>
        $"Promote {release.Name} {release.Version} to {environment}\n\n"
        + $"The tree is that of {source}, nothing else.\n\n"
        + $"{ReleaseTrailer}: {release.Id}\n{ModelTrailer}: {release.Name}\n{EnvironmentTrailer}: {environment}\n{SourceTrailer}: {source}\n";

    /// <summary>Reads the trailers; null when this is no prepared commit.</summary>
    internal static PreparedCommit? Of(GitCommit commit)
    {
        if (!commit.Trailers.TryGetValue(ReleaseTrailer, out var release) || !Sha256Digest.TryParse(release, out var id)
            || !commit.Trailers.TryGetValue(ModelTrailer, out var model) || !Names.IsName(model)
            || !commit.Trailers.TryGetValue(EnvironmentTrailer, out var environment) || !Names.IsName(environment)
            || !commit.Trailers.TryGetValue(SourceTrailer, out var source))
            return null;
        return new PreparedCommit { Commit = commit.Id, Environment = environment, Model = model, Release = id, Source = source, Parents = commit.Parents };
    }
}
