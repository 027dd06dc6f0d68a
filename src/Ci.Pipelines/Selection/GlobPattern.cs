using System.Text;
using System.Text.RegularExpressions;

namespace Ci.Pipelines.Selection;

/// <summary>A shell's pattern over names parted by '/': <c>*</c> and <c>?</c> within a part, <c>**</c> over parts, <c>[a-z]</c> one of these.</summary>
internal sealed class GlobPattern
{
    private readonly Regex regex;

    public GlobPattern(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/"))
            {
                text.Append("(?:.*/)?");
                i += 2;
            }
            else if (pattern.AsSpan(i).StartsWith("**"))
            {
                text.Append(".*");
                i++;
            }
            else if (pattern[i] == '[' && pattern.IndexOf(']', i + 1) is > 0 and var end)
            {
                var set = pattern[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal);
                text.Append('[').Append(set.StartsWith('!') ? "^" + set[1..] : set).Append(']');
                i = end;
            }
            else
                text.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
        }

        this.regex = new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(5));
    }

    public static bool IsOne(string text) => text.AsSpan().IndexOfAny("*?[") >= 0;

    public bool Matches(string name) => this.regex.IsMatch(name);
}
