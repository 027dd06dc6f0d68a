using System.Text;
using System.Text.Json.Nodes;
using Ci.Storage.FileSystem;

namespace Ci.Cli;

/// <summary>
/// The note that <c>mlops release fetch</c> leaves where a baseline would lie when nothing is live. Without it, a missing baseline is
/// a mistake (a mistyped path, a forgotten fetch) and must not pass for a first model, whose relative gates do not count.
/// </summary>
internal static class NothingLive
{
    private const string FileName = "nothing-live.json";

    public static void Write(string folder, string environment, string model)
    {
        var note = new JsonObject { ["schema"] = "mlops.nothing-live/v1", ["environment"] = environment, ["model"] = model };
        DurableFiles.CreateDirectory(folder);
        DurableFiles.Replace(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(note.ToJsonString() + "\n"));
    }

    /// <summary>Takes the note away, because something is live now.</summary>
    public static void Clear(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Refuses a baseline that is neither there nor known not to be.</summary>
    public static void CheckBaseline(CliContext context, string? baseline)
    {
        if (baseline is null || File.Exists(context.FullPath(baseline)))
            return;
        if (!File.Exists(Path.Combine(Path.GetDirectoryName(context.FullPath(baseline))!, FileName)))
            throw new CliException($"{baseline} does not exist: `mlops release fetch --environment E --out {Path.GetDirectoryName(baseline)}` brings it, or notes that nothing is live; for a first model leave --baseline out");
    }
}
