using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Editing;
using Ci.Storage.FileSystem;

namespace Ci.Cli.Verbs;

/// <summary><c>stage add</c>: a new entry in dvc.yaml, written as DVC writes it; the rest of the file stays as it is.</summary>
internal sealed partial class StageAddVerb
{
    private readonly Option<string> name = new("--name", "-n") { Required = true, Description = "The stage's name." };
    private readonly Option<string[]> dependencies = Many("--deps", "-d", "What the command reads.");
    private readonly Option<string[]> parameters = Many("--params", "-p", "Parameters it depends on: key, key,key or file:key,key.");
    private readonly Option<string[]> metricsCached = Many("--metrics", "-m", "Metrics it writes, kept in the cache.");
    private readonly Option<string[]> metrics = Many("--metrics-no-cache", "-M", "Metrics it writes, kept by Git.");
    private readonly Option<string> folder = new("--wdir", "-w") { Description = "The folder in which the command runs." };
    private readonly Option<string> description = new("--desc") { Description = "What it is for." };
    private readonly Option<bool> always = new("--always-changed") { Description = "Never take it for up to date." };
    private readonly Option<bool> force = new("--force", "-f") { Description = "Replace the stage of that name." };
    private readonly Argument<string[]> command = new("command") { Arity = ArgumentArity.OneOrMore, Description = "The command; behind a bare -- when it has options." };

    // Key in dvc.yaml, flags of the entry.
    private readonly (Option<string[]> Option, string Key, string[] Flags)[] outputs;

    private StageAddVerb() => this.outputs =
    [
        (Many("--outs", "-o", "What it makes, kept in the cache."), "outs", []),
        (Many("--outs-no-cache", "-O", "What it makes, kept by Git."), "outs", ["cache"]),
        (Many("--outs-persist", null, "What it makes and finds again in the next run."), "outs", ["persist"]),
        (Many("--outs-persist-no-cache", null, "What it makes and finds again, kept by Git."), "outs", ["cache", "persist"]),
        (this.metricsCached, "metrics", []),
        (this.metrics, "metrics", ["cache"]),
        (Many("--plots", null, "Points it writes, kept in the cache."), "plots", []),
        (Many("--plots-no-cache", null, "Points it writes, kept by Git."), "plots", ["cache"]),
    ];

    public static Command Create(CliContext context)
    {
        var verb = new StageAddVerb();
        var made = new Command("add", "Add a stage to dvc.yaml.") { verb.name, verb.dependencies, verb.parameters, verb.folder, verb.description, verb.always, verb.force, verb.command };
        foreach (var (option, _, _) in verb.outputs)
            made.Options.Add(option);
        return made.Does(context, (parsed, ct) => verb.RunAsync(context, parsed, ct));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var stage = parsed.GetValue(this.name)!;
        if (!Name().IsMatch(stage))
            throw new CliException($"`{stage}` is no name for a stage: letters, digits, `-` and `_` only, beginning with a letter, a digit or `_`");
        var project = Project.Open(context.WorkingDirectory, context.Time, context.Environment);
        var file = Path.Combine(context.WorkingDirectory, "dvc.yaml");
        project.Locks.While($"dvc.yaml {file}", () =>
        {
            var before = File.Exists(file) ? File.ReadAllText(file) : "";
            if (StageText.Has(before, stage, project.Shown(file)) && !parsed.GetValue(this.force))
                throw new CliException($"stage `{stage}` stands in {project.Shown(file)} already; --force replaces it");
            DurableFiles.Replace(file, Encoding.UTF8.GetBytes(StageText.Put(before, stage, this.Describe(parsed), project.Shown(file))));
            this.CheckOrPutBack(project, file, before);
        });
        var ignores = Ignore(project, Pipeline.Load(project).Stages.First(s => s.Name == stage && s.Folder == context.WorkingDirectory));
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["stage"] = stage, ["files"] = DataVerbs.Array([project.Shown(file), .. ignores]) });
        else
            context.Line($"Added stage '{stage}' in '{Path.GetRelativePath(context.WorkingDirectory, file)}'");
        await DataVerbs.StageAsync(context, project, [project.Shown(file), .. ignores], parsed.IsJson(), ct);

        return ExitCode.Ok;
    }

    // A stage that makes what another makes, or a cycle, must not be left in the file.
    private void CheckOrPutBack(Project project, string file, string before)
    {
        try
        {
            Pipeline.Load(project);
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            if (before.Length > 0)
                DurableFiles.Replace(file, Encoding.UTF8.GetBytes(before));
            else
                File.Delete(file);
            throw;
        }
    }

    private static List<string> Ignore(Project project, Stage stage) =>
        [.. stage.Outputs.Where(o => o.Cache).Select(o => GitIgnoreFile.Add(project, o.FullPath)).OfType<string>().Distinct().Select(project.Shown)];

    private OrderedDictionary<string, object?> Describe(ParseResult parsed)
    {
        var stage = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["cmd"] = Joined(parsed.GetValue(this.command)!) };
        if (parsed.GetValue(this.description) is { } words)
            stage.Insert(0, "desc", words);
        if (parsed.GetValue(this.folder) is { } home and not ".")
            stage["wdir"] = home;
        if (parsed.GetValue(this.dependencies) is { Length: > 0 } needs)
            stage["deps"] = needs.Distinct().Order(PythonText.Order).Cast<object?>().ToList();
        if (this.Parameters(parsed.GetValue(this.parameters) ?? []) is { Count: > 0 } values)
            stage["params"] = values;
        foreach (var group in this.outputs.GroupBy(o => o.Key))
        {
            var items = group.SelectMany(o => (parsed.GetValue(o.Option) ?? []).Select(path => (Path: path, o.Flags))).OrderBy(i => i.Path, PythonText.Order).Select(i => Entry(i.Path, i.Flags)).ToList();
            if (items.Count > 0)
                stage[group.Key] = items;
        }

        if (parsed.GetValue(this.always))
            stage["always_changed"] = true;
        return stage;
    }

    private static object? Entry(string path, string[] flags)
    {
        if (flags.Length == 0)
            return path;
        var entry = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var flag in flags)
            entry[flag] = flag == "persist";
        return new OrderedDictionary<string, object?>(StringComparer.Ordinal) { [path] = entry };
    }

    private List<object?> Parameters(IEnumerable<string> written)
    {
        var files = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var text in written)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var file = colon < 0 ? "params.yaml" : text[..colon];
            var keys = files.TryGetValue(file, out var known) ? known : files[file] = [];
            keys.AddRange(text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        return
        [
            .. (files.GetValueOrDefault("params.yaml") ?? []).Distinct().Order(PythonText.Order),
            .. files.Where(f => f.Key != "params.yaml").OrderBy(f => f.Key, PythonText.Order)
                .Select(object? (f) => new OrderedDictionary<string, object?>(StringComparer.Ordinal) { [f.Key] = f.Value.Count == 0 ? null : f.Value.Distinct().Order(PythonText.Order).Cast<object?>().ToList() }),
        ];
    }

    // A single word is a whole command; several were parted by a shell, which took their quotes.
    private static string Joined(string[] words) =>
        words.Length == 1 ? words[0] : string.Join(' ', words.Select(w => w.Length == 0 ? "\"\"" : w.Contains(' ', StringComparison.Ordinal) && !w.Contains('"', StringComparison.Ordinal) ? $"\"{w}\"" : w));

    private static Option<string[]> Many(string name, string? alias, string what)
    {
        var option = alias is null ? new Option<string[]>(name) : new Option<string[]>(name, alias);
        option.Description = what;
        return option;
    }

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]*$")]
    private static partial Regex Name();
}
