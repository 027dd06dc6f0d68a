using System.Buffers;

namespace Ci.Git;

/// <summary>Guards what goes onto git's command line: nothing that could be read as an option or smuggle in a line.</summary>
internal static class GitNames
{
    private static readonly SearchValues<char> NotInRefs = SearchValues.Create(": ~^?*[\\");

    public static string Revision(string revision)
    {
        ArgumentException.ThrowIfNullOrEmpty(revision);
        return IsClean(revision) ? revision : throw new GitRefusedException($"`{Printable(revision)}` cannot be a revision");
    }

    public static string Remote(string remote)
    {
        ArgumentException.ThrowIfNullOrEmpty(remote);
        // "transport::address" starts a helper program of that name: never from a setting.
        return IsClean(remote) && !remote.Contains("::", StringComparison.Ordinal)
            ? remote
            : throw new GitRefusedException($"`{Printable(remote)}` cannot be a remote: give a name, a path or an address");
    }

    public static string FullRef(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.StartsWith("refs/", StringComparison.Ordinal) && IsClean(name) && !name.AsSpan().ContainsAny(NotInRefs)
            ? name
            : throw new GitRefusedException($"`{Printable(name)}` is not a full reference name such as refs/heads/main");
    }

    private static bool IsClean(string text) => text[0] != '-' && !text.Any(char.IsControl);

    private static string Printable(string text) => new([.. text.Take(100).Select(c => char.IsControl(c) ? '?' : c)]);
}
