using System.CommandLine;

namespace Ci.EdgeAgent.Commands;

internal static class PinCommand
{
    public static readonly Argument<string> Model = new("model") { Description = "Which model." };

    public static readonly Argument<string?> Release = new("release")
    {
        Description = "A version or release id on this device, or any whole release id; left out: what serves now.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private const int IdLength = 64;
    private const int LeastPrefix = 8;

    public static async Task<int> RunAsync(CommandContext context)
    {
        var configuration = context.Configuration();
        var model = CommandContext.ModelOf(configuration, context.Parsed.GetValue(Model));
        var known = ModelFolder.Releases(context.World.Files, configuration.Data, model);
        var id = context.Parsed.GetValue(Release) is { } asked
            ? Resolve(asked, known, model)
            : ModelFolder.Pointer(context.World.Files, configuration.Data, model)?.Current ?? throw new EdgeAgentException($"nothing of {model} serves on this device yet: name the release to pin");
        CommandContext.ControlOf(configuration, context.World).Pin(model, id);
        var version = known.GetValueOrDefault(id, "");
        return await context.SayAsync(new CommandAnswer("pin", true, $"{model} stays on {(version.Length > 0 ? version + " " : "")}({id[..12]}) until `edge-agent unpin {model}`{(known.ContainsKey(id) ? "" : "; it is not on this device yet and will be fetched")}") { Model = model, Release = id });
    }

    private static string Resolve(string asked, IReadOnlyDictionary<string, string> known, string model)
    {
        if (asked.Length == IdLength && asked.All(char.IsAsciiHexDigitLower))
            return asked;
        var ids = known.Where(k => k.Value == asked || (asked.Length >= LeastPrefix && k.Key.StartsWith(asked, StringComparison.Ordinal))).Select(k => k.Key).ToList();
        var here = known.Count == 0 ? "none" : string.Join(", ", known.Select(k => $"{k.Value} ({k.Key[..12]})").Order(StringComparer.Ordinal));
        return ids.Count switch
        {
            1 => ids[0],
            0 => throw new EdgeAgentException($"{asked} is no release of {model} on this device (here: {here}); give a release's whole id to pin one that must be fetched"),
            _ => throw new EdgeAgentException($"{asked} is more than one release of {model} on this device (here: {here}); give more of its id"),
        };
    }
}
