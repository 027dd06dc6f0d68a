using System.Text.Json;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Configuration;

/// <summary>agent.json is copied, shown and committed: nothing secret may stand in it. No value is ever repeated in the message.</summary>
internal static class SecretRules
{
    private static readonly string[] Names = ["token", "secret", "password", "passphrase", "accesskey", "accountkey", "sas", "sastoken", "connectionstring", "privatekey", "apikey"];

    public static void Check(JsonElement element, string path, List<string> errors)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                    if (IsSecret(member.Name))
                        errors.Add($"`{inner}` is a secret and has no place in a file: {Instead(inner)}");
                    else
                        Check(member.Value, inner, errors);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Check(item, path, errors);
                break;
            case JsonValueKind.String when HoldsSecret(element.GetString()!):
                errors.Add($"`{path}` holds a secret (a password, a signature or a key), which has no place in a file: {Instead(path)}");
                break;
            default:
                break;
        }
    }

    public static bool IsSecret(string name) => Names.Contains(name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());

    private static bool HoldsSecret(string text) =>
        text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) || SecretMask.OfAddresses(text) != text;

    private static string Instead(string path) => path.StartsWith("source.", StringComparison.Ordinal)
        ? $"set {SecretFiles.SourceToken}, or {SecretFiles.SourceToken}_FILE with the path of a file that only the agent can read"
        : $"set {VariableName.Of(path)}, or the store's own variable ({string.Join(", ", SecretFiles.Variables.Skip(2))}), or the same with _FILE";
}
