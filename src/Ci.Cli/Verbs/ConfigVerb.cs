using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Data.Settings;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops config</c>: the settings of DVC's files, one by one. Secrets are set and never shown.</summary>
internal static class ConfigVerb
{
    public const string Summary = "Say or change the settings of .dvc/config.";

    private const string Hidden = "(hidden)";

    public static Command Create(CliContext context)
    {
        var levels = new ConfigLevels();
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "The setting: section.option or remote.NAME.option." };
        var value = new Argument<string?>("value") { Arity = ArgumentArity.ZeroOrOne, Description = "Its value; absent: say it." };
        var unset = new Option<bool>("--unset", "-u") { Description = "Remove the setting." };
        var list = new Option<bool>("--list", "-l") { Description = "Say all settings." };
        var origin = new Option<bool>("--show-origin") { Description = "Say in which file each stands." };
        return levels.AddTo(new Command("config", Summary) { name, value, unset, list, origin }).Does(context, parsed =>
        {
            var (places, level) = (ConfigLevels.Places(context), levels.Of(parsed));
            var (path, text) = (parsed.GetValue(name), parsed.GetValue(value));
            if (parsed.GetValue(origin) && (text is not null || parsed.GetValue(unset)))
                throw new CliException("--show-origin goes with neither --unset nor a value");
            if (parsed.GetValue(list))
                return path is null && !parsed.GetValue(unset) ? List(context, parsed, places, level, parsed.GetValue(origin)) : throw new CliException("--list goes with neither a name, a value nor --unset");
            if (path is null)
                throw new CliException("name a setting, or use --list");
            var (section, of, key) = Split(path);
            if (text is null && !parsed.GetValue(unset))
                return Say(context, parsed, places, level, (section, of, key), parsed.GetValue(origin));
            Change(context, places, level ?? ConfigLevel.Project, (section, of, key), parsed.GetValue(unset) ? null : text);
            return ExitCode.Ok;
        });
    }

    private static int List(CliContext context, ParseResult parsed, ConfigPlaces places, ConfigLevel? level, bool origin)
    {
        var json = new JsonObject();
        foreach (var editor in Files(places, level))
        {
            // Remotes first, as DVC lists them.
            foreach (var entry in editor.Entries.OrderBy(e => e.Name.Length > 0 ? 0 : 1))
            {
                var shown = ConfigSchema.IsSecret(entry.Key) ? Hidden : Shown(places, editor, entry);
                json[entry.Path] = shown;
                if (!parsed.IsJson())
                    context.Line($"{(origin ? editor.Shown + "\t" : "")}{entry.Path}={shown}");
            }
        }

        if (parsed.IsJson())
            context.WriteJson(json);
        return ExitCode.Ok;
    }

    private static int Say(CliContext context, ParseResult parsed, ConfigPlaces places, ConfigLevel? level, (string Section, string Name, string Key) at, bool origin)
    {
        foreach (var editor in Files(places, level).Reverse())
        {
            if (editor.Entries.LastOrDefault(e => e.Section == at.Section && e.Name == at.Name && e.Key == at.Key) is not { } entry)
                continue;
            var shown = ConfigSchema.IsSecret(at.Key) ? Hidden : Shown(places, editor, entry);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { [entry.Path] = shown });
            else
                context.Line($"{(origin ? editor.Shown + "\t" : "")}{shown}");
            return ExitCode.Ok;
        }

        // Over all files DVC says nothing of what is not set; of one file it is an error.
        return level is null ? ExitCode.Ok : throw new ProjectConfigException($"`{at.Key}` is not set there");
    }

    private static void Change(CliContext context, ConfigPlaces places, ConfigLevel level, (string Section, string Name, string Key) at, string? value)
    {
        var editor = ConfigEditor.Open(places, level);
        if (value is null && !editor.Unset(at.Section, at.Name, at.Key))
            throw new ProjectConfigException($"`{at.Key}` is not set in {editor.Shown}");
        if (value is not null)
            editor.Set(at.Section, at.Name, at.Key, value, context.WorkingDirectory);
        editor.Save();
        if (at is ("cache", "", "type"))
            context.Note("mlops: files that are in the workspace already stay as they are; `mlops checkout --relink` puts them back the new way");
    }

    private static IEnumerable<ConfigEditor> Files(ConfigPlaces places, ConfigLevel? level) =>
        level is { } one ? [ConfigEditor.Open(places, one)] : ConfigPlaces.Levels.Where(l => places.FileOf(l) is { } file && File.Exists(file)).Select(l => ConfigEditor.Open(places, l));

    // A path is told as it is found, not as the file writes it.
    private static string Shown(ConfigPlaces places, ConfigEditor editor, ConfigEntry entry) =>
        ConfigSchema.IsPath(entry) && !entry.Value.StartsWith('~') ? Path.GetFullPath(entry.Value, Path.GetDirectoryName(Path.GetFullPath(editor.Shown, places.Root ?? "/"))!) : entry.Value;

    private static (string Section, string Name, string Key) Split(string path)
    {
        var parts = path.ToLowerInvariant().Split('.');
        return parts switch
        {
            [var section, var key] when section.Length > 0 && key.Length > 0 => (section, "", key),
            ["remote" or "db", var name, var key] when name.Length > 0 && key.Length > 0 => (parts[0], name, key),
            _ => throw new CliException($"`{path}` names no setting: write section.option or remote.NAME.option", ExitCode.Usage),
        };
    }
}
