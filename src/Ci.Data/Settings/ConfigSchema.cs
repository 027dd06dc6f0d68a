using System.Globalization;

namespace Ci.Data.Settings;

/// <summary>Every section and key that DVC 3 knows, and what its value may be. What is not here is a mistake, and told as one.</summary>
public static class ConfigSchema
{
    private const string Bool = "true or false";
    private const string Count = "a whole number from 1 on";
    private const string Seconds = "a number of seconds";
    private const string Text = "";
    private const string Links = "reflink, hardlink, symlink, copy";

    private static readonly Dictionary<string, string> Common = Keys("url checksum_jobs:# jobs:# worktree:? no_traverse:? version_aware:? verify:?");
    private static readonly Dictionary<string, string> Folder = With(Common, "type:~ protected:? shared=group slow_link_warning:?");
    private static readonly Dictionary<string, string> Web = With(Common, "auth=basic|digest|custom custom_auth_header user password ask_password:? ssl_verify method connect_timeout:s read_timeout:s");
    private static readonly Dictionary<string, string> WebDav = With(Common, "user password ask_password:? token custom_auth_header cert_path key_path timeout:s ssl_verify");

    private static readonly Dictionary<string, Dictionary<string, string>> Remotes = new(StringComparer.Ordinal)
    {
        [""] = Folder,
        ["file"] = Folder,
        ["s3"] = With(Common, "region profile credentialpath configpath endpointurl access_key_id secret_access_key session_token listobjects:? use_ssl:? allow_anonymous_login:? ssl_verify sse sse_kms_key_id sse_customer_algorithm sse_customer_key acl grant_read grant_read_acp grant_write_acp grant_full_control cache_regions:? read_timeout:s connect_timeout:s"),
        ["azure"] = With(Common, "connection_string sas_token account_name account_key tenant_id client_id client_secret allow_anonymous_login:? exclude_environment_credential:? exclude_visual_studio_code_credential:? exclude_shared_token_cache_credential:? exclude_managed_identity_credential:? timeout:s read_timeout:s connection_timeout:s"),
        ["http"] = Web,
        ["https"] = Web,
        ["gs"] = With(Common, "projectname credentialpath endpointurl allow_anonymous_login:?"),
        ["ssh"] = With(Common, "type:~ port:# user password ask_password:? passphrase ask_passphrase:? keyfile timeout:s gss_auth:? allow_agent:? max_sessions:#"),
        ["hdfs"] = With(Common, "user kerb_ticket replication:#"),
        ["webhdfs"] = With(Common, "kerberos:? kerberos_principal proxy_to ssl_verify token use_https:? user password data_proxy_target"),
        ["oss"] = With(Common, "oss_key_id oss_key_secret oss_endpoint"),
        ["gdrive"] = With(Common, "profile gdrive_use_service_account:? gdrive_client_id gdrive_client_secret gdrive_user_credentials_file gdrive_service_account_user_email gdrive_service_account_json_file_path gdrive_trash_only:? gdrive_acknowledge_abuse:?"),
        ["webdav"] = WebDav,
        ["webdavs"] = WebDav,
    };

    private static readonly Dictionary<string, Dictionary<string, string>> Sections = new(StringComparer.Ordinal)
    {
        ["core"] = Keys("remote checksum_jobs:# interactive:? analytics:? hardlink_lock:? no_scm:? autostage:? experiments:? check_update:? site_cache_dir machine"),
        ["cache"] = Keys("dir type:~ protected:? shared=group slow_link_warning:? verify:? local s3 gs hdfs webhdfs ssh azure"),
        ["state"] = Keys("dir row_limit:# row_cleanup_quota"),
        ["index"] = Keys("dir"),
        ["machine"] = Keys("cloud region image spot:? spot_price instance_hdd_size instance_type instance_gpu ssh_private startup_script setup_script"),
        ["plots"] = Keys("html_template auto_open:? out_dir"),
        ["exp"] = Keys("code data models metrics params plots live auto_push:? git_remote"),
        ["parsing"] = Keys("bool=store_true|boolean_optional list=nargs|append"),
        ["hydra"] = Keys("enabled:? config_dir config_module config_name plugins_path"),
        ["studio"] = Keys("token url repo_url offline:?"),
        ["db"] = Keys("url username password"),
    };

    // Relative to the file that they stand in.
    private static readonly string[] Paths = ["gdrive_user_credentials_file", "gdrive_service_account_json_file_path", "credentialpath", "configpath", "keyfile", "cert_path", "key_path"];

    private static readonly string[] Secrets =
    [
        "password", "passphrase", "token", "connection_string", "sas_token", "account_key", "client_secret", "secret_access_key", "session_token", "sse_customer_key", "oss_key_secret", "gdrive_client_secret",
    ];

    public static bool IsSecret(string key) => Secrets.Contains(key, StringComparer.Ordinal);

    /// <summary>Whether the value is a path, which the file means relative to itself.</summary>
    public static bool IsPath(ConfigEntry entry) => entry.Section switch
    {
        "remote" => (entry.Key == "url" || Paths.Contains(entry.Key, StringComparer.Ordinal)) && !HasScheme(entry.Value),
        "cache" => entry.Key == "dir",
        "machine" => entry.Key is "startup_script" or "setup_script",
        _ => false,
    };

    public static bool HasScheme(string address) => address.IndexOf("://", StringComparison.Ordinal) is > 0 and var at && address[..at].All(char.IsAsciiLetterOrDigit);

    public static string SchemeOf(string address) => HasScheme(address) ? address[..address.IndexOf("://", StringComparison.Ordinal)].ToLowerInvariant() : "";

    /// <summary>Checks an entry outside of remotes, or the value of one inside.</summary>
    public static void Check(ConfigEntry entry, string shown)
    {
        // What is experimental comes and goes: DVC lets it pass, too. Remotes are checked by their kind.
        if (Sections.TryGetValue(entry.Section, out var keys))
            CheckKey(entry, keys, $"[{entry.Section}]", shown);
    }

    public static void CheckSection(string section, string where)
    {
        if (section is not ("feature" or "remote") && !Sections.ContainsKey(section))
            throw new ProjectConfigException($"{where}: unknown section [{section}]{NearNames.Hint(section, [.. Sections.Keys, "remote"])}; known are {string.Join(", ", Sections.Keys)}, feature, and ['remote \"NAME\"']");
    }

    /// <summary>Checks a remote's setting, by what its address says it is.</summary>
    public static void CheckRemote(ConfigEntry entry, string scheme, string shown)
    {
        if (scheme == "remote")
            return;
        if (!Remotes.TryGetValue(scheme, out var keys))
            throw new ProjectConfigException($"{shown}:{entry.Line}: remote `{entry.Name}`: addresses of the kind {scheme}:// are not known; known are folders, {string.Join(", ", Remotes.Keys.Where(k => k.Length > 0).Select(k => k + "://"))}");
        CheckKey(entry, keys, scheme.Length == 0 ? $"remote `{entry.Name}`, a folder" : $"remote `{entry.Name}`, {scheme}://", shown);
    }

    private static void CheckKey(ConfigEntry entry, Dictionary<string, string> keys, string where, string shown)
    {
        if (!keys.TryGetValue(entry.Key, out var kind))
            throw new ProjectConfigException($"{shown}:{entry.Line}: unknown setting `{entry.Key}` in {where}{NearNames.Hint(entry.Key, keys.Keys)}; known here: {string.Join(", ", keys.Keys)}");
        if (!Fits(kind, entry.Value))
            throw new ProjectConfigException($"{shown}:{entry.Line}: `{entry.Key}` must be {kind}{(IsSecret(entry.Key) ? "" : $", not `{entry.Value}`")}");
    }

    private static bool Fits(string kind, string value) => kind switch
    {
        Text => true,
        Bool => value.ToLowerInvariant() is "true" or "false",
        Count => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1,
        Seconds => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0,
        Links => value.Split(',').All(link => link.Trim() is "reflink" or "hardlink" or "symlink" or "copy"),
        _ => kind.Split(" or ").Contains(value.ToLowerInvariant(), StringComparer.Ordinal),
    };

    private static Dictionary<string, string> With(Dictionary<string, string> some, string more) => some.Concat(Keys(more)).ToDictionary(StringComparer.Ordinal);

    // name, name:? (flag), name:# (count), name:s (seconds), name:~ (links), name=one|two (choice)
    private static Dictionary<string, string> Keys(string text) => text.Split(' ').Select(word => word switch
    {
        [.. var name, ':', '?'] => (name, Bool),
        [.. var name, ':', '#'] => (name, Count),
        [.. var name, ':', 's'] => (name, Seconds),
        [.. var name, ':', '~'] => (name, Links),
        _ when word.Split('=') is [var name, var choices] => (name, choices.Replace("|", " or ", StringComparison.Ordinal)),
        _ => (word, Text),
    }).ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);
}
