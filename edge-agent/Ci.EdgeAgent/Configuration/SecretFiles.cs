using System.Runtime.Versioning;
using System.Text;

namespace Ci.EdgeAgent.Configuration;

/// <summary>
/// Secrets come from the environment: as the variable itself, as a file that <c>VARIABLE_FILE</c> names, or as a credential of systemd with
/// the variable's name. A file that others may read is refused: it is no secret.
/// </summary>
internal static class SecretFiles
{
    public const string SourceToken = AgentConfigurationFile.Prefix + "SOURCE_TOKEN";

    /// <summary>Every variable whose value may never be shown.</summary>
    public static readonly IReadOnlyList<string> Variables =
    [
        SourceToken, AgentConfigurationFile.Prefix + "SOURCE__TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_CONNECTION_STRING", "AZURE_CLIENT_SECRET",
    ];

    private const string Suffix = "_FILE";
    private const string Credentials = "CREDENTIALS_DIRECTORY";
    private const int MaxBytes = 64 * 1024;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The environment with every secret in its variable and no <c>…_FILE</c> left.</summary>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyDictionary<string, string> environment)
    {
        var (read, errors) = (new Dictionary<string, string>(environment, StringComparer.Ordinal), new List<string>());
        var folder = environment.GetValueOrDefault(Credentials, "");
        foreach (var variable in Variables)
        {
            var given = environment.GetValueOrDefault(variable, "").Length > 0;
            if (environment.GetValueOrDefault(variable + Suffix, "") is { Length: > 0 } file)
            {
                read.Remove(variable + Suffix);
                if (given)
                    errors.Add($"{variable} and {variable}{Suffix} are both set: keep one");
                else if (ReadFile(variable + Suffix, Path.GetFullPath(file), errors) is { } secret)
                    read[variable] = secret;
            }
            else if (!given && folder.Length > 0 && File.Exists(Path.Combine(folder, variable)) && ReadFile(variable, Path.Combine(folder, variable), errors) is { } credential)
            {
                read[variable] = credential;
            }
        }

        return errors.Count == 0 ? read : throw new AgentConfigurationException("secrets", errors);
    }

    private static string? ReadFile(string name, string path, List<string> errors)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && IsOpen(path))
            {
                errors.Add($"{name}: {path} can be read by others than its owner: chmod 600 {path}");
                return null;
            }

            if (new FileInfo(path).Length is 0 or > MaxBytes)
                errors.Add($"{name}: {path} must have 1 to {MaxBytes} bytes");
            else
                return Encoding.UTF8.GetString(File.ReadAllBytes(path)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{name}: cannot read {path}: {error.Message}");
        }

        return null;
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOpen(string path) => (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;
}
