using System.Globalization;
using System.Text.Json;

namespace Ci.EdgeAgent.Configuration;

/// <summary>Looks settings up (environment before file), remembers what was asked and found, and collects every error instead of stopping at the first.</summary>
internal sealed class SettingReader(JsonElement root, IReadOnlyDictionary<string, string> environment)
{
    private readonly Dictionary<string, Setting> asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> variables = new(StringComparer.Ordinal);

    public List<string> Errors { get; } = [];

    /// <summary>Every setting that was asked for, in that order.</summary>
    public IReadOnlyCollection<Setting> Settings => asked.Values;

    /// <summary>A text that is not empty; null where none is given.</summary>
    /// <param name="path">Members from the top, parted by dots.</param>
    /// <param name="variable">A second name of the setting's variable, from before nesting was written as two underscores.</param>
    public string? Text(string path, string variable)
    {
        var setting = new Setting(path, SettingKind.Text, VariableName.Of(path), null, SettingOrigin.Default);
        if (Override(path, variable) is { } given)
            return Found(setting, given, SettingOrigin.Environment);
        if (Find(path) is not { } element)
            return Found(setting, null, SettingOrigin.Default);
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text)
            return Found(setting, text, SettingOrigin.File);
        Errors.Add($"`{path}` must be a text that is not empty, not {Shown(element)}");
        return Found(setting, null, SettingOrigin.Default);
    }

    public string Need(string path, string variable, string what)
    {
        var before = Errors.Count;
        var value = Text(path, variable);
        if (value is null && Errors.Count == before)
            Errors.Add($"`{path}` is missing: {what} (or set {VariableName.Of(path)})");
        return value ?? "";
    }

    public IReadOnlyList<string>? Texts(string path, string variable, char separator)
    {
        var setting = new Setting(path, SettingKind.Texts, VariableName.Of(path), null, SettingOrigin.Default) { Separator = separator };
        if (Override(path, variable) is { } given)
        {
            Found(setting, given, SettingOrigin.Environment);
            return given.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        if (Find(path) is not { } element)
        {
            Found(setting, null, SettingOrigin.Default);
            return null;
        }

        if (element.ValueKind != JsonValueKind.Array || element.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String || e.GetString()!.Length == 0))
        {
            Errors.Add($"`{path}` must be a list of texts, not {Shown(element)}");
            Found(setting, null, SettingOrigin.Default);
            return null;
        }

        List<string> texts = [.. element.EnumerateArray().Select(e => e.GetString()!)];
        Found(setting, string.Join(separator, texts), SettingOrigin.File);
        return texts;
    }

    public double Number(string path, string variable, double fallback, double least, double most) => Read(SettingKind.Number, path, variable, fallback, least, most);

    /// <summary>A number without a fraction.</summary>
    public long Whole(string path, string variable, long fallback, double least, double most) => (long)Read(SettingKind.Whole, path, variable, fallback, least, most);

    /// <summary>Members and variables that nobody asked for: most likely typing errors, so they are errors.</summary>
    public void RefuseUnknown(string prefix)
    {
        Walk(root, "");
        var known = asked.Values.Select(s => s.Variable).ToList();
        foreach (var name in environment.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !variables.Contains(n)).Order(StringComparer.Ordinal))
            Errors.Add($"the environment variable {name} means nothing{Meant(NearestName.Of(name, known))}; `edge-agent doctor --show-config` lists all that do");
    }

    private double Read(SettingKind kind, string path, string variable, double fallback, double least, double most)
    {
        var setting = new Setting(path, kind, VariableName.Of(path), null, SettingOrigin.Default) { Range = (fallback, least, most) };
        var (value, from) = (fallback, SettingOrigin.Default);
        if (Override(path, variable) is { } given)
            (value, from) = (double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : double.NaN, SettingOrigin.Environment);
        else if (Find(path) is { } element)
            (value, from) = (element.ValueKind == JsonValueKind.Number ? element.GetDouble() : double.NaN, SettingOrigin.File);
        if (from != SettingOrigin.Default && !(value >= least && value <= most && (kind == SettingKind.Number || double.IsInteger(value))))
        {
            Errors.Add(string.Create(CultureInfo.InvariantCulture, $"`{path}` ({setting.Variable}) must be a {(kind == SettingKind.Whole ? "whole number" : "number")} from {least} to {most}"));
            (value, from) = (fallback, SettingOrigin.Default);
        }

        Found(setting, value.ToString(CultureInfo.InvariantCulture), from);
        return value;
    }

    private void Walk(JsonElement element, string prefix)
    {
        foreach (var member in element.EnumerateObject())
        {
            var path = prefix + member.Name;
            if (asked.ContainsKey(path) || path is "schema" or "$schema")
                continue;
            if (member.Value.ValueKind == JsonValueKind.Object && asked.Keys.Any(k => k.StartsWith(path + ".", StringComparison.Ordinal)))
                Walk(member.Value, path + ".");
            else
                Errors.Add($"`{path}` means nothing{Meant(NearestName.Of(path, asked.Keys))}{Members(prefix)}");
        }
    }

    private string Members(string prefix)
    {
        var here = asked.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..].Split('.')[0]).Distinct().Order(StringComparer.Ordinal);
        return $"; known {(prefix.Length == 0 ? "at the top" : $"in `{prefix.TrimEnd('.')}`")}: {string.Join(", ", here)}";
    }

    private static string Meant(string? near) => near is null ? "" : $"; did you mean {near}?";

    private string? Override(string path, string older)
    {
        var name = VariableName.Of(path);
        variables.Add(name);
        variables.Add(older);
        var (value, second) = (Variable(name), name == older ? null : Variable(older));
        if (value is not null && second is not null && value != second)
            Errors.Add($"{name} and {older} both stand for `{path}` and differ; keep the first");
        return value ?? second;
    }

    private string? Variable(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private string? Found(Setting setting, string? value, SettingOrigin from)
    {
        asked[setting.Path] = setting with { Value = value, From = from };
        return value;
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

    // Values stay out of messages where they could hold more than a slip: an object may hold a password.
    private static string Shown(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => element.GetRawText(),
        JsonValueKind.String => "a text",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };
}
