using System.CommandLine;
using Ci.Data;
using Ci.Data.Settings;

namespace Ci.Cli.Verbs;

/// <summary>The options by which <c>config</c> and <c>remote</c> say in which file a setting stands.</summary>
internal sealed class ConfigLevels
{
    private readonly (Option<bool> Option, ConfigLevel Level)[] all =
    [
        (new("--system") { Description = "The machine's settings." }, ConfigLevel.System),
        (new("--global") { Description = "The user's settings." }, ConfigLevel.Global),
        (new("--project") { Description = "The project's settings, .dvc/config, which go into Git." }, ConfigLevel.Project),
        (new("--local") { Description = "The settings of this clone, .dvc/config.local: the place of secrets." }, ConfigLevel.Local),
    ];

    public Command AddTo(Command command)
    {
        foreach (var (option, _) in this.all)
            command.Options.Add(option);
        return command;
    }

    /// <summary>The level that was named; null when none was.</summary>
    public ConfigLevel? Of(ParseResult parsed)
    {
        var named = this.all.Where(l => parsed.GetValue(l.Option)).ToList();
        return named.Count switch
        {
            0 => null,
            1 => named[0].Level,
            _ => throw new CliException($"{string.Join(" and ", named.Select(l => l.Option.Name))} exclude each other", ExitCode.Usage),
        };
    }

    /// <summary>Where settings stand for whoever calls from this folder; outside of a project there are only the user's and the machine's.</summary>
    public static ConfigPlaces Places(CliContext context)
    {
        for (var at = new DirectoryInfo(context.WorkingDirectory); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, ".dvc")))
                return new ConfigPlaces(Path.TrimEndingDirectorySeparator(at.FullName), context.Environment);
        }

        return new ConfigPlaces(null, context.Environment);
    }

    /// <summary>As <see cref="Places"/>, where there must be a project.</summary>
    public static ConfigPlaces InProject(CliContext context)
    {
        var places = Places(context);
        return places.Root is not null ? places : throw new NotAProjectException($"{context.WorkingDirectory} is in no project: no folder `.dvc` here or above; run `mlops init` at the top of the repository");
    }
}
