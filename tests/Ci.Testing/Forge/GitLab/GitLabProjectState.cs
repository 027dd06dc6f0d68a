namespace Ci.Testing.Forge;

/// <summary>A project's settings, uploads and pipelines.</summary>
public sealed class GitLabProjectState
{
    /// <summary>"merge", "rebase_merge" or "ff".</summary>
    public string MergeMethod { get; set; } = "merge";

    /// <summary>"never", "always", "default_on" or "default_off".</summary>
    public string SquashOption { get; set; } = "default_off";

    /// <summary>Releases before 18 do not say when somebody approved.</summary>
    public bool SaysWhenApproved { get; set; } = true;

    /// <summary>Releases before 17.4 do not serve uploads by secret.</summary>
    public bool ServesUploads { get; set; } = true;

    public List<GitLabUploaded> Uploads { get; } = [];

    /// <summary>Pipelines, oldest first.</summary>
    public List<GitLabPipelineRun> Pipelines { get; } = [];
}
