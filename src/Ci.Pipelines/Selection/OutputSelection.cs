using Ci.Data;

namespace Ci.Pipelines.Selection;

/// <summary>Finds the tracked data that targets mean.</summary>
public static class OutputSelection
{
    /// <summary>The data of the targets, or all of it.</summary>
    /// <exception cref="PipelineException">A target means nothing.</exception>
    public static IReadOnlyList<TrackedOutput> Of(Pipeline pipeline, OutputRequest request)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(request);
        var all = pipeline.Tracked([], request.Folder);
        if (request.Targets.Count == 0)
            return all;
        var byPath = all.ToLookup(o => o.Path, StringComparer.Ordinal);
        var chosen = new OrderedDictionary<string, TrackedOutput>(StringComparer.Ordinal);
        foreach (var target in request.Glob ? Expanded(pipeline, request, all) : request.Targets)
        {
            foreach (var output in Find(pipeline, request, all, byPath, target))
                Add(chosen, output);
        }

        return [.. chosen.Values];
    }

    /// <summary>Whether a path fits a target that is a pattern.</summary>
    public static bool Fits(OutputRequest request, string pattern, string path)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new ShellPattern(pattern, ShellPatternRules.Path).Matches(Path.GetRelativePath(request.Folder, path).Replace(Path.DirectorySeparatorChar, '/'));
    }

    private static IReadOnlyList<TrackedOutput> Find(Pipeline pipeline, OutputRequest request, IReadOnlyList<TrackedOutput> all, ILookup<string, TrackedOutput> byPath, string target)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, request.Folder));
        var pointers = pipeline.Pointers.Where(p => p.File == path || p.Target == path).SelectMany(p => byPath[p.Target]).ToList();
        if (pointers.Count > 0)
            return pointers;
        if (request.Recursive && !byPath.Contains(path) && Below(all, path) is { Count: > 0 } below)
            return below;
        if (Inside(all, path) is { } part)
            return [part];
        try
        {
            var stages = pipeline.Select([target], request.Folder, alone: !request.WithDependencies);
            // An output of a stage means that output; what it is made from comes on top.
            var exact = byPath[path].ToList();
            return request.WithDependencies ? [.. stages.SelectMany(stage => OutputsOf(stage, byPath).Concat(Needed(stage, all)))]
                : exact.Count > 0 ? exact : [.. stages.SelectMany(stage => OutputsOf(stage, byPath))];
        }
        catch (PipelineException) when (byPath.Contains(path))
        {
            return [.. byPath[path]];
        }
    }

    private static IEnumerable<TrackedOutput> OutputsOf(Stage stage, ILookup<string, TrackedOutput> byPath) => stage.Outputs.SelectMany(o => byPath[o.FullPath]);

    private static IEnumerable<TrackedOutput> Needed(Stage stage, IReadOnlyList<TrackedOutput> all) =>
        all.Where(o => stage.Dependencies.Any(d => d.FullPath == o.Path || IsBelow(d.FullPath, o.Path)));

    private static List<TrackedOutput> Below(IReadOnlyList<TrackedOutput> all, string folder) => [.. all.Where(o => IsBelow(o.Path, folder))];

    // A file or folder inside of a tracked folder: that part of it.
    private static TrackedOutput? Inside(IReadOnlyList<TrackedOutput> all, string path) =>
        all.FirstOrDefault(o => o.Digest.IsFolder && IsBelow(path, o.Path)) is { } folder
            ? folder with { Only = [Path.GetRelativePath(folder.Path, path).Replace(Path.DirectorySeparatorChar, '/')] }
            : null;

    private static void Add(OrderedDictionary<string, TrackedOutput> chosen, TrackedOutput output)
    {
        if (!chosen.TryGetValue(output.Path, out var before))
            chosen[output.Path] = output;
        else if (before.Only is not null)
            chosen[output.Path] = before with { Only = output.Only is null ? null : [.. before.Only, .. output.Only] };
    }

    private static IEnumerable<string> Expanded(Pipeline pipeline, OutputRequest request, IReadOnlyList<TrackedOutput> all)
    {
        var names = all.Select(o => o.Path).Concat(pipeline.Pointers.SelectMany(p => new[] { p.File, p.Target })).Select(path => Path.GetRelativePath(request.Folder, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Concat(pipeline.Stages.Select(s => s.Address)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var target in request.Targets)
        {
            if (!ShellPattern.IsOne(target))
            {
                yield return target;
                continue;
            }

            var pattern = new ShellPattern(target, ShellPatternRules.Path);
            var found = names.Where(pattern.Matches).ToList();
            if (found.Count == 0)
                throw new PipelineException($"`{target}` fits no stage and no tracked file");
            foreach (var name in found)
                yield return name;
        }
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
