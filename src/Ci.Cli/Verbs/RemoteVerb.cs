using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Data.Settings;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops remote</c>: where tracked data goes, in DVC's files of settings.</summary>
internal static class RemoteVerb
{
    public const string Summary = "Say where tracked data goes: the remotes of .dvc/config.";

    private const string Section = "remote";

    public static Command Create(CliContext context) => new("remote", Summary)
    {
        Add(context), Default(context), Modify(context), List(context), Remove(context), Rename(context),
    };

    private static Command Add(CliContext context)
    {
        var (name, levels) = (NameOf("The remote's name."), new ConfigLevels());
        var url = new Argument<string>("url") { Description = "A folder, azure://container/path, s3://bucket/path, or http(s)://… to read from." };
        var asDefault = new Option<bool>("--default", "-d") { Description = "Use it where no remote is named." };
        var force = new Option<bool>("--force", "-f") { Description = "Replace a remote of that name." };
        return levels.AddTo(new Command("add", "Add a remote.") { name, url, asDefault, force }).Does(context, parsed =>
        {
            var (called, places) = (Checked(parsed.GetRequiredValue(name)), ConfigLevels.InProject(context));
            var editor = ConfigEditor.Open(places, levels.Of(parsed) ?? ConfigLevel.Project);
            if (editor.Has(Section, called) && !parsed.GetValue(force))
                throw new ProjectConfigException($"the remote `{called}` is in {editor.Shown} already; --force replaces it");
            editor.Clear(Section, called);
            editor.Set(Section, called, "url", parsed.GetRequiredValue(url), context.WorkingDirectory);
            if (parsed.GetValue(asDefault))
                editor.Set("core", "", "remote", called, context.WorkingDirectory);
            editor.Save();
            if (parsed.IsJson())
            {
                // Read back: what was written is what push and pull will find.
                var written = ProjectConfig.Read(places.Root!, context.Environment);
                context.WriteJson(new JsonObject { ["name"] = called, ["url"] = written.RemoteUrl(called), ["default"] = written.DefaultRemote == called });
            }
            else if (parsed.GetValue(asDefault))
                context.Line($"Setting '{called}' as a default remote.");
            return ExitCode.Ok;
        });
    }

    private static Command Modify(CliContext context)
    {
        var (name, levels) = (NameOf("The remote's name."), new ConfigLevels());
        var option = new Argument<string>("option") { Description = "The setting: url, account_name, endpointurl, jobs, …" };
        var value = new Argument<string?>("value") { Arity = ArgumentArity.ZeroOrOne, Description = "Its value." };
        var unset = new Option<bool>("--unset", "-u") { Description = "Remove the setting." };
        return levels.AddTo(new Command("modify", "Change a remote's settings. Secrets go to --local or --global.") { name, option, value, unset }).Does(context, parsed =>
        {
            var (called, key, places) = (Checked(parsed.GetRequiredValue(name)), parsed.GetRequiredValue(option).ToLowerInvariant(), ConfigLevels.InProject(context));
            Need(ProjectConfig.Read(places.Root!, context.Environment), called);
            var editor = ConfigEditor.Open(places, levels.Of(parsed) ?? ConfigLevel.Project);
            if (parsed.GetValue(unset))
                editor.Unset(Section, called, key);
            else
                editor.Set(Section, called, key, parsed.GetValue(value) ?? throw new CliException($"`{key}` needs a value; --unset removes it", ExitCode.Usage), context.WorkingDirectory);
            editor.Save();
            return ExitCode.Ok;
        });
    }

    private static Command Default(CliContext context)
    {
        var levels = new ConfigLevels();
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "The remote to use where none is named; absent: say which it is." };
        var unset = new Option<bool>("--unset", "-u") { Description = "There is to be none." };
        return levels.AddTo(new Command("default", "Say or choose the remote that is used where none is named.") { name, unset }).Does(context, parsed =>
        {
            var places = ConfigLevels.InProject(context);
            if (parsed.GetValue(name) is null && !parsed.GetValue(unset))
            {
                var now = levels.Of(parsed) is { } level ? ConfigEditor.Open(places, level).Get("core", "", "remote") : ProjectConfig.Read(places.Root!, context.Environment).DefaultRemote;
                context.Line(now ?? "No default remote set");
                return now is null ? ExitCode.Error : ExitCode.Ok;
            }

            var editor = ConfigEditor.Open(places, levels.Of(parsed) ?? ConfigLevel.Project);
            if (parsed.GetValue(unset))
                editor.Unset("core", "", "remote");
            else
            {
                var called = Checked(parsed.GetValue(name)!);
                Need(ProjectConfig.Read(places.Root!, context.Environment), called);
                editor.Set("core", "", "remote", called, context.WorkingDirectory);
            }

            editor.Save();
            return ExitCode.Ok;
        });
    }

    private static Command Remove(CliContext context)
    {
        var (name, levels) = (NameOf("The remote to remove."), new ConfigLevels());
        return levels.AddTo(new Command("remove", "Remove a remote from the settings; what it keeps stays where it is.") { name }).Does(context, parsed =>
        {
            var (called, places) = (Checked(parsed.GetRequiredValue(name)), ConfigLevels.InProject(context));
            var level = levels.Of(parsed) ?? ConfigLevel.Project;
            var editor = ConfigEditor.Open(places, level);
            if (!editor.Has(Section, called))
                Need(ProjectConfig.Read(places.Root!, context.Environment), called, editor.Shown);
            // What names it elsewhere goes first: no file may name a remote that is not there.
            foreach (var above in ConfigPlaces.Levels.Where(l => l > level))
                Change(places, above, other => other.Get("core", "", "remote") == called && other.Unset("core", "", "remote"));
            if (editor.Get("core", "", "remote") == called)
                editor.Unset("core", "", "remote");
            editor.Remove(Section, called);
            editor.Save();
            return ExitCode.Ok;
        });
    }

    private static Command Rename(CliContext context)
    {
        var (name, levels) = (NameOf("The remote's name."), new ConfigLevels());
        var to = new Argument<string>("new") { Description = "Its new name." };
        return levels.AddTo(new Command("rename", "Give a remote another name.") { name, to }).Does(context, parsed =>
        {
            var (called, wanted, places) = (Checked(parsed.GetRequiredValue(name)), Checked(parsed.GetRequiredValue(to)), ConfigLevels.InProject(context));
            var config = ProjectConfig.Read(places.Root!, context.Environment);
            if (config.Remotes.Contains(wanted, StringComparer.Ordinal))
                throw new ProjectConfigException($"there is a remote `{wanted}` already");
            var level = levels.Of(parsed) ?? ConfigLevel.Project;
            var editor = ConfigEditor.Open(places, level);
            if (!editor.Has(Section, called))
                Need(config, called, editor.Shown);
            editor.Rename(Section, called, wanted);
            if (editor.Get("core", "", "remote") == called)
                editor.Set("core", "", "remote", wanted, context.WorkingDirectory);
            editor.Save();
            foreach (var above in ConfigPlaces.Levels.Where(l => l > level))
            {
                Change(places, above, other =>
                {
                    if (other.Get("core", "", "remote") != called)
                        return false;
                    other.Set("core", "", "remote", wanted, context.WorkingDirectory);
                    return true;
                });
            }

            return ExitCode.Ok;
        });
    }

    private static Command List(CliContext context)
    {
        var levels = new ConfigLevels();
        return levels.AddTo(new Command("list", "List the remotes.")).Does(context, parsed =>
        {
            var places = ConfigLevels.InProject(context);
            var config = ProjectConfig.Read(places.Root!, context.Environment);
            var names = levels.Of(parsed) is { } level
                ? [.. ConfigEditor.Open(places, level).Entries.Where(e => e.Section == Section).Select(e => e.Name).Distinct(StringComparer.Ordinal)]
                : config.Remotes;
            if (parsed.IsJson())
                context.WriteJson(new JsonArray([.. names.Select(name => (JsonNode)new JsonObject { ["name"] = name, ["url"] = config.RemoteUrl(name), ["default"] = name == config.DefaultRemote })]));
            foreach (var name in parsed.IsJson() ? [] : names)
                context.Line($"{name}\t{config.RemoteUrl(name)}{(name == config.DefaultRemote ? "\t(default)" : "")}");
            return ExitCode.Ok;
        });
    }

    private static Argument<string> NameOf(string what) => new("name") { Description = what };

    private static void Change(ConfigPlaces places, ConfigLevel level, Func<ConfigEditor, bool> change)
    {
        if (places.FileOf(level) is not { } file || !File.Exists(file))
            return;
        var editor = ConfigEditor.Open(places, level);
        if (change(editor))
            editor.Save();
    }

    private static void Need(ProjectConfig config, string name, string? file = null)
    {
        if (!config.Remotes.Contains(name, StringComparer.Ordinal))
            throw new ProjectConfigException($"no remote `{name}`{NearNames.Hint(name, config.Remotes)}; configured: {(config.Remotes.Count == 0 ? "none" : string.Join(", ", config.Remotes))}");
        if (file is not null)
            throw new ProjectConfigException($"the remote `{name}` does not stand in {file}; say where with --global, --system, --project or --local");
    }

    private static string Checked(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? name.ToLowerInvariant()
            : throw new ProjectConfigException($"`{name}` is no name for a remote: letters, digits, '-', '_' and '.' only");
}
