namespace Ci.Data;

/// <summary>What a shell's pattern is held against.</summary>
public enum ShellPatternRules
{
    /// <summary>One name, as Python's <c>fnmatch</c>: a slash is a character like all others.</summary>
    Name,

    /// <summary>A path: <c>*</c>, <c>?</c> and <c>[…]</c> stay between two slashes, <c>**/</c> stands for any number of folders, and <c>**</c> for whatever follows.</summary>
    Path,
}
