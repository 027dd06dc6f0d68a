namespace Ci.Forges;

/// <summary>How the forge brings a pull request into its base.</summary>
public enum MergeMethod
{
    Merge,
    Squash,
    Rebase,
}
