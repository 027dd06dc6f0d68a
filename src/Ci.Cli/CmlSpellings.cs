namespace Ci.Cli;

/// <summary>CML's older names of verbs, so that <c>mlops</c> stands where <c>cml</c> stood; and its verbs that have no counterpart here.</summary>
internal static class CmlSpellings
{
    /// <summary>The command line in today's words; untouched where it has none of the old.</summary>
    public static string[] Translate(string[] arguments) => arguments switch
    {
        ["send-comment", .. var rest] => ["comment", "create", .. rest],
        ["send-github-check", .. var rest] => ["check", "create", .. rest],
        ["publish", .. var rest] => ["asset", "publish", .. rest],
        ["rerun-workflow", .. var rest] => ["workflow", "rerun", .. rest],
        ["ci", .. var rest] => ["repo", "prepare", .. rest],
        ["pr", var glob, .. var rest] when glob is not ("create" or "--help" or "-h" or "-?" or "/?") => ["pr", "create", glob, .. rest],
        _ => arguments,
    };

    /// <summary>Why a verb of CML is not here; null for every other word.</summary>
    public static string? Missing(string verb) => verb switch
    {
        "runner" or "runner-launch" => "there is no `mlops runner`: start machines by your cloud's own means, or use the forge's autoscaling runners; everything else runs on them unchanged",
        "tensorboard" or "tensorboard-dev" => "there is no `mlops tensorboard`: tensorboard.dev has closed; `mlops plots` draws the series that stages write, and reports show them",
        _ => null,
    };
}
