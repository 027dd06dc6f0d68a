using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Registry;
using Ci.Releases;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops registry …</c>: GTO's words over GTO's tags.</summary>
internal static class RegistryVerb
{
    public const string Summary = "Versions and stages of models, kept as Git tags (GTO's grammar).";

    private static readonly Argument<string> Name = new("name") { Description = "The artifact: NAME or DIR:NAME." };
    private static readonly Argument<string?> AnyName = new("name") { Description = "One artifact; all of them without it.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string?> Revision = new("ref") { Description = "A commit, branch or tag.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Tag = new("tag") { Description = "The tag's name." };
    private static readonly Argument<string?> VersionArgument = new("version") { Description = "The version; the whole artifact without it.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string?> StageArgument = new("stage") { Description = "The stage; the version itself without it.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Version = new("--version") { Description = "The version, with or without 'v'." };
    private static readonly Option<string> Stage = new("--stage") { Description = "The stage.", Required = true };
    private static readonly Option<bool> Major = new("--bump-major") { Description = "Raise the first number." };
    private static readonly Option<bool> Minor = new("--bump-minor") { Description = "Raise the second number." };
    private static readonly Option<bool> All = new("--all", "-a") { Description = "Deprecated artifacts too." };
    private static readonly Option<bool> Ascending = new("--asc") { Description = "Oldest first." };
    private static readonly Option<bool> Push = new("--push") { Description = "Push the new tag to origin." };

    public static Command Create(CliContext context) => new("registry", Summary)
    {
        new Command("register", "Register a version at a commit.") { Name, Revision, Version, Major, Minor, Push }.Does(context, async (parsed, ct) =>
        {
            var version = parsed.GetValue(Version) is { } text ? SemanticVersion.Parse(text.TrimStart('v')) : null;
            var registry = await OpenAsync(context, ct);
            var tag = await registry.Tags.RegisterAsync(parsed.GetRequiredValue(Name), parsed.GetValue(Revision) ?? "HEAD", version, parsed.GetValue(Major), parsed.GetValue(Minor), ct);
            return await CreatedAsync(context, parsed, registry.Repository, tag, "registers version", ct);
        }),
        new Command("assign", "Assign a stage to a version.") { Name, Revision, Version, Stage, Push }.Does(context, async (parsed, ct) =>
        {
            var registry = await OpenAsync(context, ct);
            var tag = await registry.Tags.AssignAsync(parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Stage), parsed.GetValue(Version), parsed.GetValue(Revision), ct);
            return await CreatedAsync(context, parsed, registry.Repository, tag, "assigns stage", ct);
        }),
        new Command("deprecate", "Take a stage from a version, a version from the registry, or deprecate an artifact.") { Name, VersionArgument, StageArgument, Push }
            .Does(context, async (parsed, ct) =>
            {
                var registry = await OpenAsync(context, ct);
                var tag = await registry.Tags.DeprecateAsync(parsed.GetRequiredValue(Name), parsed.GetValue(VersionArgument), parsed.GetValue(StageArgument), ct);
                return await CreatedAsync(context, parsed, registry.Repository, tag, "deprecates", ct);
            }),
        new Command("show", "Show artifacts with their latest version and stages, or one with its versions.") { AnyName, All }
            .Does(context, (parsed, ct) => ShowAsync(context, parsed, ct)),
        new Command("history", "Show every event, newest first.") { AnyName, Ascending }.Does(context, (parsed, ct) => HistoryAsync(context, parsed, ct)),
        new Command("check-ref", "Say what a tag means; nothing for one that is not the registry's.") { Tag }.Does(context, async (parsed, ct) =>
        {
            var found = await (await OpenAsync(context, ct)).Tags.CheckRefAsync(parsed.GetRequiredValue(Tag), ct);
            if (parsed.IsJson())
                context.WriteJson(found is null ? new JsonObject() : Node(found));
            else if (found is not null)
                context.Line($"{found.Ref}: {found.Event} of {found.Artifact} {found.Version} {found.Stage}".TrimEnd());
            return ExitCode.Ok;
        }),
        new Command("stages", "List every stage.").Does(context, async (parsed, ct) =>
        {
            var snapshot = await ReadAsync(context, ct);
            if (parsed.IsJson())
                context.WriteJson(new JsonArray([.. snapshot.Stages.Select(stage => JsonValue.Create(stage))]));
            else
                snapshot.Stages.ToList().ForEach(context.Line);
            return ExitCode.Ok;
        }),
    };

    private static async Task<(TagRegistry Tags, GitRepository Repository)> OpenAsync(CliContext context, CancellationToken ct)
    {
        var repository = await GitRepository.OpenAsync(context.WorkingDirectory, GitSettings.Of(context), ct);
        return (new TagRegistry(repository), repository);
    }

    private static async Task<RegistrySnapshot> ReadAsync(CliContext context, CancellationToken ct)
    {
        var snapshot = await (await OpenAsync(context, ct)).Tags.ReadAsync(ct);
        foreach (var problem in snapshot.Problems)
            context.Note($"mlops: skipped the tag {problem}");
        return snapshot;
    }

    private static async Task<int> CreatedAsync(CliContext context, ParseResult parsed, GitRepository repository, string? tag, string verb, CancellationToken ct)
    {
        if (tag is not null && parsed.GetValue(Push))
        {
            var made = (await repository.TagsAsync(ct)).First(candidate => candidate.Name == tag);
            if (await repository.PushAsync("origin", [new RefUpdate($"refs/tags/{tag}", made.TagObject, null)], ct) != PushOutcome.Accepted)
                throw new CliException($"origin has a tag {tag} already; `git fetch --tags` brings it", ExitCode.Error);
        }

        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["tag"] = tag });
        else if (tag is null)
            context.Line("nothing to do: it is assigned already");
        else
            context.Line($"Created git tag '{tag}' that {verb}{(parsed.GetValue(Push) ? ", and pushed it" : $"\nTo push it, run:\n    git push origin {tag}")}");
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var snapshot = await ReadAsync(context, ct);
        if (parsed.GetValue(AnyName) is { } name)
        {
            var artifact = snapshot.Find(RegistryTag.ArtifactName(name)) ?? throw new CliException($"cannot find artifact '{name}'");
            if (parsed.IsJson())
                context.WriteJson(new JsonArray([.. artifact.Versions.Select(Node)]));
            else
                Table(context, ["version", "stages", "created", "ref"], artifact.Versions.Select(v => new[] { v.Version, string.Join(' ', v.Stages), $"{v.CreatedAt:yyyy-MM-dd HH:mm}", v.Ref }));
            return ExitCode.Ok;
        }

        var shown = snapshot.Artifacts.Where(artifact => parsed.GetValue(All) || !artifact.Deprecated).ToList();
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject(shown.Select(artifact => KeyValuePair.Create(artifact.Name, (JsonNode?)new JsonObject
            {
                ["version"] = artifact.Latest,
                ["stage"] = new JsonObject(snapshot.Stages.Select(stage => KeyValuePair.Create(stage, (JsonNode?)artifact.Stages.GetValueOrDefault(stage)))),
                ["registered"] = true,
                ["active"] = !artifact.Deprecated,
            }))));
        }
        else
        {
            string[] head = ["name", "latest", .. snapshot.Stages.Select(stage => "#" + stage)];
            Table(context, head, shown.Select(a => (string[])[a.Name, a.Latest ?? "-", .. snapshot.Stages.Select(stage => Brief(a.Stages.GetValueOrDefault(stage)))]));
        }

        return ExitCode.Ok;
    }

    private static async Task<int> HistoryAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var snapshot = await ReadAsync(context, ct);
        var name = parsed.GetValue(AnyName);
        // The order within an artifact is the registry's own; between artifacts only the clock can tell.
        var events = snapshot.Events.Where(e => name is null || e.Artifact == name).OrderBy(e => e.Timestamp).ToList();
        if (!parsed.GetValue(Ascending))
            events.Reverse();
        if (parsed.IsJson())
            context.WriteJson(new JsonArray([.. events.Select(Node)]));
        else
            Table(context, ["time", "artifact", "event", "version", "stage", "ref"], events.Select(e => new[] { $"{e.Timestamp:yyyy-MM-dd HH:mm:ss}", e.Artifact, e.Event, Brief(e.Version), e.Stage ?? "-", e.Ref }));
        return ExitCode.Ok;
    }

    private static JsonObject Node(RegistryEvent e) => new()
    {
        ["timestamp"] = e.Timestamp, ["artifact"] = e.Artifact, ["event"] = e.Event, ["version"] = e.Version, ["stage"] = e.Stage,
        ["commit"] = e.Commit, ["author"] = e.Author, ["author_email"] = e.AuthorEmail, ["message"] = e.Message, ["ref"] = e.Ref,
    };

    private static JsonObject Node(RegisteredVersion version) => new()
    {
        ["version"] = version.Version, ["commit"] = version.Commit, ["created_at"] = version.CreatedAt, ["ref"] = version.Ref,
        ["stages"] = new JsonArray([.. version.Stages.Select(stage => JsonValue.Create(stage))]),
    };

    private static string Brief(string? version) => version is null ? "-" : version.Length == 40 ? version[..7] : version;

    internal static void Table(CliContext context, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            context.Line(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
