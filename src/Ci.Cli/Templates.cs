using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Cli;

/// <summary>The project templates that came with this program: <c>templates/</c> beside it, or, while developing, beside Ci.sln.</summary>
internal static class Templates
{
    /// <summary>In a template's root: its description and settings. It is not copied.</summary>
    public const string ManifestName = "template.yaml";

    private const string Readme = "README.md";
    private const long MostTextBytes = 1 << 20;

    public static IReadOnlyList<Template> All() =>
        [.. Directory.GetDirectories(Folder()).Where(IsTemplate).Order(StringComparer.Ordinal).Select(Read)];

    public static Template Find(string name)
    {
        var all = All();
        return all.FirstOrDefault(template => template.Name == name)
            ?? throw new CliException($"there is no template `{name}`; there are {string.Join(", ", all.Select(template => template.Name))}", ExitCode.Usage);
    }

    /// <summary>Copies a template into an empty or absent folder, with its settings filled in; returns the relative paths written.</summary>
    public static IReadOnlyList<string> Copy(Template template, string target, IReadOnlyDictionary<string, string> settings)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new CliException($"{target} is there already and not empty; name a new or empty folder");
        var written = new List<string>();
        foreach (var file in Directory.EnumerateFiles(template.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(template.Folder, file);
            if (relative == ManifestName)
                continue;
            var to = Path.Combine(target, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            var bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(to, Fill(bytes, template, settings));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(to, File.GetUnixFileMode(file) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
            written.Add(relative);
        }

        return written;
    }

    private static byte[] Fill(byte[] bytes, Template template, IReadOnlyDictionary<string, string> settings)
    {
        if (settings.Count == 0 || bytes.Length > MostTextBytes || bytes.Contains((byte)0))
            return bytes;
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        foreach (var setting in template.Settings.Where(setting => settings.ContainsKey(setting.Key)))
            text = text.Replace(setting.Replaces, settings[setting.Key], StringComparison.Ordinal);
        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    private static bool IsTemplate(string folder) => File.Exists(Path.Combine(folder, ManifestName)) || File.Exists(Path.Combine(folder, Readme));

    private static Template Read(string folder)
    {
        var manifest = Path.Combine(folder, ManifestName);
        var map = File.Exists(manifest) ? Parse(manifest) : new YamlMappingNode();
        var settings = new List<TemplateSetting>();
        if (map.Children.TryGetValue(new YamlScalarNode("settings"), out var node) && node is YamlMappingNode known)
        {
            foreach (var (key, value) in known)
                settings.Add(new TemplateSetting(key.ToString(), Text(value, "replaces") ?? throw new CliException($"{manifest}: the setting {key} needs `replaces`"), Text(value, "doc") ?? ""));
        }

        return new Template(Path.GetFileName(folder), folder, Text(map, "description") ?? Heading(folder), settings);
    }

    private static string Heading(string folder)
    {
        using var reader = new StreamReader(Path.Combine(folder, Readme));
        return reader.ReadLine()?.TrimStart('#', ' ') ?? "";
    }

    private static string? Text(YamlNode node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? (value as YamlScalarNode)?.Value : null;

    private static YamlMappingNode Parse(string file)
    {
        try
        {
            var yaml = new YamlStream();
            using var reader = new StreamReader(file);
            yaml.Load(reader);
            return yaml.Documents.Count > 0 && yaml.Documents[0].RootNode is YamlMappingNode map ? map : throw new CliException($"{file}: expected a mapping");
        }
        catch (YamlException error)
        {
            throw new CliException($"{file}:{error.Start.Line}: not valid YAML: {error.Message}", inner: error);
        }
    }

    private static string Folder()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "templates");
        // A folder without a template in it is what an older build left behind.
        if (Directory.Exists(beside) && Directory.GetDirectories(beside).Any(IsTemplate))
            return beside;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ci.sln")))
                return Path.Combine(folder.FullName, "templates");
        }

        throw new CliException($"the templates are missing: {beside} should be there; install mlops with the whole of its archive");
    }
}
