using System.Text;

namespace Ci.Git;

/// <summary>What one call of git left behind.</summary>
internal sealed record GitResult(int ExitCode, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(this.Output);

    /// <summary>The first line.</summary>
    public string Line => this.Text.Split('\n', 2)[0];

    /// <summary>What stands between NUL characters; a last one that ends the text parts nothing.</summary>
    public string[] Fields => this.Text.TrimEnd('\0') is { Length: > 0 } ? this.Text[..^(this.Text.EndsWith('\0') ? 1 : 0)].Split('\0') : [];
}
