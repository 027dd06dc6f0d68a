using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops remote add|list</c>: where tracked data goes, in <c>.dvc/config</c>.</summary>
internal static class RemoteVerb
{
    public const string Summary = "Say where tracked data goes: the remotes of .dvc/config.";

    private static readonly Argument<string> Name = new("name") { Description = "The remote's name." };
    private static readonly Argument<string> Url = new("url") { Description = "A folder, or an http(s) address to read from." };
    private static readonly Option<bool> Default = new("--default", "-d") { Description = "Use it where no remote is named." };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Replace a remote of that name." };

    public static Command Create(CliContext context) => new("remote", Summary)
    {
        new Command("add", "Add a remote.") { Name, Url, Default, Force }.Does(context, parsed => Add(context, parsed)),
        new Command("list", "List the remotes.").Does(context, parsed => List(context, parsed)),
    };

    private static int Add(CliContext context, ParseResult parsed)
    {
        var (name, url) = (parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Url));
        var project = Project.Open(context.WorkingDirectory, context.Time);
        RemoteSettings.Add(project.Root, name, url.Contains("://", StringComparison.Ordinal) ? url : context.FullPath(url), parsed.GetValue(Default), parsed.GetValue(Force));
        // Read back: what was written is what push and pull will find.
        var written = ProjectConfig.Read(project.Root).RemoteUrl(name);
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["name"] = name, ["url"] = written, ["default"] = ProjectConfig.Read(project.Root).DefaultRemote == name });
        else
            context.Line($"remote {name}: {written}{(parsed.GetValue(Default) ? " (default)" : "")}; commit .dvc/config");
        return ExitCode.Ok;
    }

    private static int List(CliContext context, ParseResult parsed)
    {
        var config = Project.Open(context.WorkingDirectory, context.Time).Config;
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonArray([.. config.Remotes.Select(name => (JsonNode)new JsonObject
            {
                ["name"] = name, ["url"] = config.RemoteUrl(name), ["default"] = name == config.DefaultRemote,
            })]));
            return ExitCode.Ok;
        }

        foreach (var name in config.Remotes)
            context.Line($"{name}\t{config.RemoteUrl(name)}{(name == config.DefaultRemote ? "\t(default)" : "")}");
        return ExitCode.Ok;
    }
}
