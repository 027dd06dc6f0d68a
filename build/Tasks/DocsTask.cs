using System.CommandLine;
using Ci.Build.Tools;
using Ci.Testing;

namespace Ci.Build.Tasks;

/// <summary>Writes what is made, not authored: docs/guide/command-line.md from the published binary's own help, and the guide's tables of inputs.</summary>
internal sealed class DocsTask : IBuildTask
{
    public string Name => "docs";

    public string Summary => "Publish, and write docs/guide/command-line.md from what the binary's --help says, and the tables of inputs from action.yml and the GitLab component.";

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        foreach (var table in InputTables.All.Select(table => table.Page).Distinct(StringComparer.Ordinal))
        {
            await File.WriteAllTextAsync(context.At(table.Split('/')), InputTables.Renew(table), cancellation);
            BuildContext.Say($"docs: {table}");
        }

        await PublishTask.EnsureAsync(context, cancellation);
        var page = await CommandLinePage.ComposeAsync(async words =>
            (await Shell.RunAsync(context.Mlops, [.. words, "--help"], context.Root, cancellation: cancellation)).OrThrow().Output);
        await File.WriteAllTextAsync(CommandLinePage.File, page, cancellation);
        BuildContext.Say($"docs: {Path.GetRelativePath(context.Root, CommandLinePage.File)}");
        return 0;
    }
}
