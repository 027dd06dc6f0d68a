namespace Ci.Testing.Forge;

/// <summary>A pipeline: started by a push, a merge request, the API or a trigger.</summary>
/// <param name="Id">Rises with time.</param>
/// <param name="Ref">A branch, or refs/merge-requests/1/head.</param>
/// <param name="Sha">The commit.</param>
/// <param name="Source">"push", "merge_request_event", "api", "trigger" or "external".</param>
/// <param name="Variables">What it was given.</param>
public sealed record GitLabPipelineRun(long Id, string Ref, string Sha, string Source, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>How often its failed jobs were started again.</summary>
    public int Retries { get; set; }
}
