using System.Security.Cryptography;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Cli;

/// <summary>
/// What several verbs need to know about a project, looked up in one order: option, environment, <c>mlops.yaml</c> of the model
/// repository. Secrets come from the environment alone.
/// </summary>
internal sealed class ProjectSettings
{
    public const string FileName = "mlops.yaml";

    private static readonly string[] Keys = ["model", "store", "deploy", "remote"];

    private const string NistP256 = "1.2.840.10045.3.1.7";

    private readonly CliContext context;
    private readonly Dictionary<string, string> values;

    private ProjectSettings(CliContext context, Dictionary<string, string> values)
    {
        this.context = context;
        this.values = values;
    }

    /// <summary>Reads <c>mlops.yaml</c> from the working directory or the nearest folder above it; none is no error.</summary>
    public static ProjectSettings Load(CliContext context)
    {
        for (var folder = new DirectoryInfo(context.WorkingDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, FileName);
            if (File.Exists(file))
                return new ProjectSettings(context, Parse(file));
        }

        return new ProjectSettings(context, []);
    }

    /// <summary>The model's name.</summary>
    public string Model(string? option) => this.Need(option, "MLOPS_MODEL", "model", "--model", "the model's name");

    /// <summary>The blob store's address.</summary>
    public string Store(string? option) => this.Need(option, "MLOPS_STORE", "store", "--store", "the blob store's address (a folder or URL)");

    /// <summary>The deploy repository: a Git URL or a path.</summary>
    public string Deploy(string? option) =>
        this.Need(option, "MLOPS_DEPLOY_REPOSITORY", "deploy", "--deploy", "the deploy repository (a Git URL or a path)");

    /// <summary>The private key that signs releases (PEM, ECDSA P-256), from <c>MLOPS_SIGNING_KEY</c>: the text itself or a path.</summary>
    public ECDsa SigningKey()
    {
        var pem = this.context.Variable("MLOPS_SIGNING_KEY")
            ?? throw new CliException("no signing key: set MLOPS_SIGNING_KEY to an ECDSA P-256 private key (PEM text or a path); `mlops release keygen` makes one");
        return ReadKey(this.ReadPem(pem, "MLOPS_SIGNING_KEY"), "MLOPS_SIGNING_KEY");
    }

    /// <summary>The public keys that may sign releases (PEM texts), from <c>MLOPS_TRUSTED_KEYS</c>: text, or paths parted by ':'.</summary>
    public IReadOnlyList<string> TrustedKeys()
    {
        var value = this.context.Variable("MLOPS_TRUSTED_KEYS")
            ?? throw new CliException("no trusted keys: set MLOPS_TRUSTED_KEYS to one or more ECDSA P-256 public keys (PEM text, or paths parted by ':')");
        return value.Contains("-----BEGIN", StringComparison.Ordinal)
            ? [value]
            : [.. value.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(path => this.ReadPem(path, "MLOPS_TRUSTED_KEYS"))];
    }

    /// <summary>The value of a setting or null: option, then environment, then <c>mlops.yaml</c>.</summary>
    public string? Find(string? option, string variable, string key) =>
        option ?? this.context.Variable(variable) ?? this.values.GetValueOrDefault(key);

    private string Need(string? option, string variable, string key, string optionName, string what) =>
        this.Find(option, variable, key)
        ?? throw new CliException($"{what} is not set: give {optionName}, set {variable}, or write `{key}:` in {FileName}", ExitCode.Usage);

    private string ReadPem(string textOrPath, string variable)
    {
        if (textOrPath.Contains("-----BEGIN", StringComparison.Ordinal))
            return textOrPath;
        var path = this.context.FullPath(textOrPath);
        return File.Exists(path)
            ? File.ReadAllText(path)
            : throw new CliException($"{variable} names the key file {path}, which does not exist");
    }

    private static ECDsa ReadKey(string pem, string variable)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            // A public key imports as well, and only signing would find out.
            var curve = key.ExportParameters(includePrivateParameters: true).Curve;
            if (curve.Oid.Value == NistP256)
                return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CliException($"{variable} holds no ECDSA private key in PEM form (perhaps the public one, or one under a password?); `mlops release keygen` makes one", inner: error);
        }

        key.Dispose();
        throw new CliException($"{variable} holds a key on another curve than P-256; `mlops release keygen` makes one that fits");
    }

    private static Dictionary<string, string> Parse(string file)
    {
        var yaml = new YamlStream();
        try
        {
            using var reader = new StreamReader(file);
            yaml.Load(reader);
        }
        catch (YamlException error)
        {
            throw new CliException($"{file}:{error.Start.Line}: not valid YAML: {error.Message}", inner: error);
        }

        if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode map)
            throw new CliException($"{file}: expected a mapping with the keys {string.Join(", ", Keys)}");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map)
        {
            if (key is not YamlScalarNode { Value: { } name } || !Keys.Contains(name, StringComparer.Ordinal) || value is not YamlScalarNode { Value: { } text })
                throw new CliException($"{file}:{key.Start.Line}: unknown or non-scalar key `{key}`; known keys are {string.Join(", ", Keys)}");
            settings[name] = text;
        }

        return settings;
    }
}
