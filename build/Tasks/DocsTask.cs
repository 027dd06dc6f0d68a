using System.CommandLine;
using Ci.Build.Tools;
using Ci.Testing;

namespace Ci.Build.Tasks;

/// <summary>Writes the pages that are made, not authored: docs/guide/command-line.md from the published binary's own help.</summary>
internal sealed class DocsTask : IBuildTask
{
    public string Name => "docs";

    public string Summary => "Publish, and write docs/guide/command-line.md from what the binary's --help says.";

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await PublishTask.EnsureAsync(context, cancellation);
        var page = await CommandLinePage.ComposeAsync(async words =>
            (await Shell.RunAsync(context.Mlops, [.. words, "--help"], context.Root, cancellation: cancellation)).OrThrow().Output);
        await File.WriteAllTextAsync(CommandLinePage.File, page, cancellation);
        BuildContext.Say($"docs: {Path.GetRelativePath(context.Root, CommandLinePage.File)}");
        return 0;
    }
}
