using Amazon.Runtime;

namespace Ci.Storage.S3;

/// <summary>
/// Who asks: the remote's settings, the environment, or a profile of the shared credentials file. The SDK's own search, which reads the
/// process's environment, is not used: what a verb was not given it does not find.
/// </summary>
internal static class S3Credentials
{
    private const int MostBytes = 1 << 20;

    public static AWSCredentials Of(BlobLocation location)
    {
        if (location.Flag("allow_anonymous_login", false))
            return new AnonymousAWSCredentials();
        if (location.Setting("access_key_id") is { } id)
            return Make(id, location.Setting("secret_access_key") ?? throw Missing(location, "`access_key_id` is set and `secret_access_key` is not"), location.Setting("session_token"));
        if (location.Setting("profile") is null && location.Variable("AWS_ACCESS_KEY_ID") is { } variable)
            return Make(variable, location.Variable("AWS_SECRET_ACCESS_KEY") ?? throw Missing(location, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"), location.Variable("AWS_SESSION_TOKEN"));
        return Profile(location) ?? throw Missing(location, "no credentials were found");
    }

    /// <summary>The region of the profile, where neither settings nor environment name one.</summary>
    public static string? RegionOf(BlobLocation location) =>
        location.Setting("region") ?? location.Variable("AWS_REGION") ?? location.Variable("AWS_DEFAULT_REGION")
        ?? Section(ConfigFile(location), ProfileName(location), "profile ")?.GetValueOrDefault("region");

    private static AWSCredentials Make(string id, string secret, string? session) =>
        session is null ? new BasicAWSCredentials(id, secret) : new SessionAWSCredentials(id, secret, session);

    private static StorageRefusedException Missing(BlobLocation location, string what) => new(
        $"{location.Shown(location.Address)}: {what}; set `access_key_id` and `secret_access_key` (with `mlops remote modify --local`), AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
        + "or `profile`; `allow_anonymous_login = true` reads public buckets");

    private static AWSCredentials? Profile(BlobLocation location)
    {
        var name = ProfileName(location);
        var file = location.Setting("credentialpath") ?? location.Variable("AWS_SHARED_CREDENTIALS_FILE") ?? Home(location, "credentials");
        var section = Section(file, name, "") ?? Section(ConfigFile(location), name, "profile ");
        if (section?.GetValueOrDefault("aws_access_key_id") is { } id && section.GetValueOrDefault("aws_secret_access_key") is { } secret)
            return Make(id, secret, section.GetValueOrDefault("aws_session_token"));
        return location.Setting("profile") is { } wanted
            ? throw Missing(location, $"the profile `{wanted}` with `aws_access_key_id` and `aws_secret_access_key` stands in neither {file ?? "~/.aws/credentials"} nor {ConfigFile(location) ?? "~/.aws/config"}")
            : null;
    }

    private static string ProfileName(BlobLocation location) => location.Setting("profile") ?? location.Variable("AWS_PROFILE") ?? "default";

    private static string? ConfigFile(BlobLocation location) => location.Setting("configpath") ?? location.Variable("AWS_CONFIG_FILE") ?? Home(location, "config");

    private static string? Home(BlobLocation location, string name) => location.Variable("HOME") is { } home ? Path.Combine(home, ".aws", name) : null;

    // The shared files are plain INI: [name], key = value.
    private static Dictionary<string, string>? Section(string? file, string name, string kind)
    {
        if (file is null || !File.Exists(file) || new FileInfo(file).Length > MostBytes)
            return null;
        Dictionary<string, string>? found = null;
        var inside = false;
        foreach (var line in File.ReadLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';')))
        {
            if (line[0] == '[')
            {
                var title = line.Trim('[', ']').Trim();
                inside = title == name || title == kind + name;
                if (inside)
                    found ??= new(StringComparer.Ordinal);
            }
            else if (inside && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                found![line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }

        return found;
    }
}
