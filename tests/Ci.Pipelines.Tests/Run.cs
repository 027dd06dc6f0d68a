using Ci.Data;

namespace Ci.Pipelines.Tests;

/// <summary>Runs a project's pipeline and keeps what was told.</summary>
internal static class Run
{
    public static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["SHELL"] = "/bin/sh" };

    public static async Task<List<ReproEvent>> ReproAsync(Project project, ReproOptions? options = null, CancellationToken ct = default)
    {
        var events = new List<ReproEvent>();
        options ??= new ReproOptions { Folder = project.Root, Environment = Environment };
        await new Reproducer(Pipeline.Load(project), options, TimeProvider.System, e =>
        {
            lock (events)
                events.Add(e);
        }).RunAsync(ct);
        return events;
    }

    public static string Outcomes(IEnumerable<ReproEvent> events) =>
        string.Join(' ', events.Where(e => e.Kind is ReproEventKind.Unchanged or ReproEventKind.Reused or ReproEventKind.Waiting or ReproEventKind.Ran or ReproEventKind.Failed or ReproEventKind.Skipped).Select(e => $"{e.Stage}:{e.Kind}"));
}
