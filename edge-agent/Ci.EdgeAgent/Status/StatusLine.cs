namespace Ci.EdgeAgent.Status;

/// <summary>The whole agent in one line, for <c>systemctl status</c>.</summary>
internal static class StatusLine
{
    public static string Of(AgentStatus status)
    {
        var synced = status.Models.Count(m => m.InSync);
        var serving = status.Models.Where(m => m.Serving is not null).Select(m => $"{m.Name} {m.Serving!.Version}").ToList();
        var rest = status.Models.FirstOrDefault(m => !m.InSync) is { } late ? $"; {late.Name}: {late.StateInWords}" : "";
        return $"{(serving.Count == 0 ? "nothing serves" : "serving " + string.Join(", ", serving))}; {synced} of {status.Models.Count} in sync{rest}";
    }
}
