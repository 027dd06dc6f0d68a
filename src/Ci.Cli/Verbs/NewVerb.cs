using System.CommandLine;
using System.Text.Json.Nodes;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops new</c>: a project from a template.</summary>
internal static class NewVerb
{
    public const string Summary = "Begin a project from a template; without a template, list them.";

    public static Command Create(CliContext context)
    {
        var name = new Argument<string?>("template") { Description = "The template's name.", Arity = ArgumentArity.ZeroOrOne };
        var folder = new Argument<string?>("folder") { Description = "The new or empty folder to write.", Arity = ArgumentArity.ZeroOrOne };
        var set = new Option<string[]>("--set") { Description = "Fill in one of the template's settings: key=value.", AllowMultipleArgumentsPerToken = false, DefaultValueFactory = _ => [] };
        return new Command("new", Summary) { name, folder, set }.Does(context, parsed =>
        {
            if (parsed.GetValue(name) is not { } wanted)
                return List(context, parsed.IsJson());
            var target = parsed.GetValue(folder)
                ?? throw new CliException($"say where: `mlops new {wanted} FOLDER`", ExitCode.Usage);
            var template = Templates.Find(wanted);
            var written = Templates.Copy(template, context.FullPath(target), Settings(template, parsed.GetValue(set)!));
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["template"] = template.Name, ["folder"] = context.FullPath(target), ["files"] = new JsonArray([.. written.Select(path => (JsonNode)path)]) });
            else
                context.Line($"{target}: {written.Count} files from the template {template.Name}; {target}/README.md says how to go on");
            return ExitCode.Ok;
        });
    }

    private static int List(CliContext context, bool json)
    {
        var all = Templates.All();
        if (json)
        {
            context.WriteJson(new JsonObject
            {
                ["templates"] = new JsonArray([.. all.Select(template => (JsonNode)new JsonObject
                {
                    ["name"] = template.Name,
                    ["description"] = template.Description,
                    ["settings"] = new JsonArray([.. template.Settings.Select(setting => (JsonNode)new JsonObject { ["key"] = setting.Key, ["doc"] = setting.Doc })]),
                })]),
            });
            return ExitCode.Ok;
        }

        foreach (var template in all)
        {
            context.Line($"{template.Name,-20} {template.Description}");
            foreach (var setting in template.Settings)
                context.Line($"{"",-20}   --set {setting.Key}=…  {setting.Doc}");
        }

        return ExitCode.Ok;
    }

    private static Dictionary<string, string> Settings(Template template, string[] pairs)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var parts = pair.Split('=', 2);
            if (parts.Length < 2 || !template.Settings.Any(setting => setting.Key == parts[0]))
            {
                var known = template.Settings.Count == 0 ? "it has none" : $"it has {string.Join(", ", template.Settings.Select(setting => setting.Key))}";
                throw new CliException($"--set {pair}: expected key=value with a setting of the template {template.Name}; {known}", ExitCode.Usage);
            }

            // The value goes into YAML and workflow files: a line break there would be another line of theirs.
            if (parts[1].Any(char.IsControl))
                throw new CliException($"--set {parts[0]}: the value holds a control character", ExitCode.Usage);
            settings[parts[0]] = parts[1];
        }

        return settings;
    }
}
