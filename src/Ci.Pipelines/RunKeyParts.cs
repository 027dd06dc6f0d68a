using System.Security.Cryptography;
using System.Text;
using Ci.Data.Yaml;
using Ci.Pipelines.Scheduling;

namespace Ci.Pipelines;

/// <summary>
/// What decides a run's result beside what DVC knows: declared environment variables, the container image, the class of accelerator.
/// Of variables only digests are kept: records of runs travel to remotes, and values may be secret.
/// </summary>
public sealed record RunKeyParts
{
    /// <summary>A stage that declares nothing.</summary>
    public static RunKeyParts None { get; } = new();

    /// <summary>Name, and <c>sha256:…</c> over <c>NAME=value</c>; null when it is not set. In ordinal order.</summary>
    public IReadOnlyList<(string Name, string? Digest)> Environment { get; init; } = [];

    /// <summary>A name with its digest, or of the job's image the digest alone; <c>none</c>: the job runs in none.</summary>
    public string? Image { get; init; }

    /// <summary><c>cpu</c>, or the GPU's name.</summary>
    public string? Accelerator { get; init; }

    public bool IsEmpty => this.Environment.Count == 0 && this.Image is null && this.Accelerator is null;

    /// <summary>The parts of a stage here and now.</summary>
    /// <param name="stage">What it declares.</param>
    /// <param name="environment">Where variables are taken from.</param>
    /// <param name="accelerator">The class it runs on, should it want to know.</param>
    /// <exception cref="PipelineException">The variable that names the job's image holds no digest.</exception>
    public static RunKeyParts Of(Stage stage, IReadOnlyDictionary<string, string> environment, string accelerator)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(environment);
        return !stage.Needs.ExtendsKey ? None : new RunKeyParts
        {
            Environment = [.. stage.Needs.Environment.Select(name => (name, environment.TryGetValue(name, out var value) ? DigestOf(name, value) : null))],
            Image = stage.Needs.Image == StageNeeds.ImageOfJob ? ImageOfJob(stage, environment) : stage.Needs.Image,
            Accelerator = stage.Needs.KeyedByAccelerator ? accelerator : null,
        };
    }

    /// <summary>As it is written; keys in a fixed order.</summary>
    public OrderedDictionary<string, object?> ToValue()
    {
        var value = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        if (this.Environment.Count > 0)
        {
            var variables = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (name, digest) in this.Environment)
                variables[name] = digest;
            value["env"] = variables;
        }

        if (this.Image is not null)
            value["image"] = this.Image;
        if (this.Accelerator is not null)
            value["accelerator"] = this.Accelerator;
        return value;
    }

    /// <summary>Reads what <see cref="ToValue"/> wrote.</summary>
    internal static RunKeyParts Read(YamlFields fields) => new()
    {
        Environment = fields["env"] is { } variables && YamlReader.ValueOf(variables, fields.File) is OrderedDictionary<string, object?> map
            ? [.. map.Select(v => (v.Key, v.Value as string)).OrderBy(v => v.Key, StringComparer.Ordinal)] : [],
        Image = fields.Text("image"),
        Accelerator = fields.Text("accelerator"),
    };

    private static string DigestOf(string name, string value) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}={value}")));

    private static string ImageOfJob(Stage stage, IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(StageNeeds.ImageVariable) is not { Length: > 0 } digest)
            return "none";
        return digest.Length == 71 && digest.StartsWith("sha256:", StringComparison.Ordinal) && digest.Skip(7).All(char.IsAsciiHexDigitLower)
            ? digest
            : throw new PipelineException($"stage `{stage.Address}`: {StageNeeds.ImageVariable} is `{digest}`; it must be the image's digest, sha256: and 64 hexadecimal digits");
    }
}
