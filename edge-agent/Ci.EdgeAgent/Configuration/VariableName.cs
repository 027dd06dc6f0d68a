using System.Text;

namespace Ci.EdgeAgent.Configuration;

/// <summary>The environment variable of a member: <c>limits.maxBodyBytes</c> is <c>MLOPS_EDGE_LIMITS__MAX_BODY_BYTES</c>.</summary>
internal static class VariableName
{
    public static string Of(string path)
    {
        var name = new StringBuilder(AgentConfigurationFile.Prefix);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '.')
                name.Append("__");
            else if (!char.IsAsciiLetterOrDigit(path[i]))
                name.Append('_');
            else
                name.Append(char.IsAsciiLetterUpper(path[i]) && i > 0 && char.IsAsciiLetterLower(path[i - 1]) ? "_" : "").Append(char.ToUpperInvariant(path[i]));
        }

        return name.ToString();
    }
}
