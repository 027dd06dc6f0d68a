using System.Globalization;
using System.Text.Json;

namespace Ci.EdgeAgent.Configuration;

/// <summary>Looks settings up (environment before file) and collects every error instead of stopping at the first.</summary>
internal sealed class SettingReader(JsonElement root, IReadOnlyDictionary<string, string> environment)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal) { "schema", "$schema" };
    private readonly HashSet<string> variables = new(StringComparer.Ordinal);

    public List<string> Errors { get; } = [];

    public string? Text(string path, string variable)
    {
        if (Override(path, variable) is { } given)
            return given;
        if (Find(path) is not { } element)
            return null;
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text)
            return text;
        Errors.Add($"`{path}` must be a text that is not empty, not {Shown(element)}");
        return null;
    }

    public string Need(string path, string variable, string what)
    {
        var before = Errors.Count;
        var value = Text(path, variable);
        if (value is null && Errors.Count == before)
            Errors.Add($"`{path}` is missing: {what} (or set {variable})");
        return value ?? "";
    }

    public IReadOnlyList<string>? Texts(string path, string variable, char separator)
    {
        if (Override(path, variable) is { } given)
            return given.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Find(path) is not { } element)
            return null;
        if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && e.GetString()!.Length > 0))
            return [.. element.EnumerateArray().Select(e => e.GetString()!)];
        Errors.Add($"`{path}` must be a list of texts, not {Shown(element)}");
        return null;
    }

    public double Number(string path, string variable, double fallback, double least, double most)
    {
        double value;
        if (Override(path, variable) is { } given)
        {
            if (!double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                value = double.NaN;
        }
        else if (Find(path) is not { } element)
        {
            return fallback;
        }
        else
        {
            value = element.ValueKind == JsonValueKind.Number ? element.GetDouble() : double.NaN;
        }

        if (value >= least && value <= most)
            return value;
        Errors.Add($"`{path}` ({variable}) must be a number from {least} to {most}");
        return fallback;
    }

    /// <summary>Members and variables that nobody asked for: most likely typing errors, so they are errors.</summary>
    public void RefuseUnknown(string prefix)
    {
        Walk(root, "");
        foreach (var name in environment.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !variables.Contains(n)).Order(StringComparer.Ordinal))
            Errors.Add($"the environment variable {name} means nothing; these do: {string.Join(", ", variables.Order(StringComparer.Ordinal))}");
    }

    private void Walk(JsonElement element, string prefix)
    {
        foreach (var member in element.EnumerateObject())
        {
            var path = prefix + member.Name;
            if (known.Contains(path))
                continue;
            if (member.Value.ValueKind == JsonValueKind.Object && known.Any(k => k.StartsWith(path + ".", StringComparison.Ordinal)))
                Walk(member.Value, path + ".");
            else
                Errors.Add($"`{path}` means nothing; known here: {string.Join(", ", known.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))}");
        }
    }

    private string? Override(string path, string variable)
    {
        known.Add(path);
        variables.Add(variable);
        return environment.TryGetValue(variable, out var value) && value.Length > 0 ? value : null;
    }

    private JsonElement? Find(string path)
    {
        // A model's name is a member too, and may have dots of its own.
        var at = root;
        for (var (start, end) = (0, path.IndexOf('.', StringComparison.Ordinal)); ; end = path.IndexOf('.', end + 1))
        {
            var name = end < 0 ? path[start..] : path[start..end];
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var found))
                (at, start) = (found, end + 1);
            else if (end < 0)
                return null;
            if (end < 0)
                return at;
        }
    }

    private static string Shown(JsonElement element)
    {
        var raw = element.GetRawText();
        return raw.Length > 40 ? raw[..40] + "…" : raw;
    }
}
