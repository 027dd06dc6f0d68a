using System.CommandLine;

namespace Ci.Build.Tasks;

/// <summary>Removes what the build made.</summary>
internal sealed class CleanTask : IBuildTask
{
    public string Name => "clean";

    public string Summary => "Remove artifacts/.";

    public Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        if (Directory.Exists(context.Artifacts))
            Directory.Delete(context.Artifacts, recursive: true);
        return Task.FromResult(0);
    }
}
