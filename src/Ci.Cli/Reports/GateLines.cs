using Ci.Evaluation;

namespace Ci.Cli.Reports;

/// <summary>Where each gate stands in the gate file, for annotations.</summary>
/// <param name="Path">From the repository's root, with '/'.</param>
/// <param name="Lines">From 1, by the gate's name.</param>
internal sealed record GateLines(string Path, IReadOnlyDictionary<string, int> Lines)
{
    public static readonly GateLines None = new("gates.yaml", new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>Reads the file; one that is not there has no lines. Was it asked for by name, that is an error.</summary>
    public static GateLines Read(CliContext context, string? asked)
    {
        var file = asked ?? "gates.yaml";
        if (asked is null && !File.Exists(context.FullPath(file)))
            return None;
        var gates = GateFile.Read(Verbs.EvaluateVerb.ReadText(context, file), file);
        return new GateLines(FromRoot(context.FullPath(file)), gates.Gates.ToDictionary(gate => gate.Name, gate => gate.Line, StringComparer.Ordinal));
    }

    // Forges count paths from the root of the checkout, wherever in it the project lies.
    private static string FromRoot(string full)
    {
        for (var folder = System.IO.Path.GetDirectoryName(full); folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (System.IO.Path.Exists(System.IO.Path.Combine(folder, ".git")))
                return System.IO.Path.GetRelativePath(folder, full).Replace('\\', '/');
        }

        return System.IO.Path.GetFileName(full);
    }
}
