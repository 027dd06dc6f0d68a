using System.Text.RegularExpressions;

namespace Ci.Reporting;

/// <summary>Reads <c>card.yaml</c>, strictly: an unknown key is a mistake that is told, not words that are lost.</summary>
public static partial class CardDetailsFile
{
    private const int LongestText = 20_000;
    private const int LongestLine = 200;
    private const int MostItems = 100;

    private static readonly string[] Keys =
        ["schema", "title", "language", "license", "contacts", "intended_use", "out_of_scope", "data", "fairness", "limits", "ethical_considerations", "hub"];

    private static readonly string[] HubKeys = ["name", "pipeline_tag", "library_name", "language", "tags", "base_model", "dataset"];

    private static readonly string[] DatasetKeys = ["type", "name", "config", "split", "revision"];

    /// <summary>Reads the text of a file.</summary>
    /// <param name="yaml">At most 256 KiB.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="ReportException">Not YAML, an unknown key, or a value of the wrong kind; with file, line and what is wanted.</exception>
    public static CardDetails Read(string yaml, string file)
    {
        var root = CardYaml.Read(yaml, file) ?? throw new ReportException($"{file}: it is empty; write at least `schema: {CardDetails.CurrentSchema}`");
        var map = new CardMap(file, root, "the file", Keys);
        var schema = map.Line("schema", LongestLine) ?? throw map.Error("schema", $"`schema` is missing; write `schema: {CardDetails.CurrentSchema}`");
        if (schema != CardDetails.CurrentSchema)
            throw map.Error("schema", $"`schema` is `{PlainText.Clean(schema, 60)}`; this mlops reads {CardDetails.CurrentSchema}");
        var language = map.Line("language", 35) ?? "en";
        if (!Language().IsMatch(language))
            throw map.Error("language", $"`language` must be a language tag such as en, el or zh-Hans, not `{PlainText.Clean(language, 60)}`");
        return new CardDetails
        {
            Title = map.Line("title", LongestLine),
            Language = language,
            License = map.Line("license", LongestLine),
            Contacts = map.Lines("contacts", MostItems, LongestLine),
            IntendedUse = map.Paragraphs("intended_use", LongestText),
            OutOfScope = map.Paragraphs("out_of_scope", LongestText),
            Data = map.Paragraphs("data", LongestText),
            Fairness = map.Paragraphs("fairness", LongestText),
            Limits = map.Paragraphs("limits", LongestText),
            EthicalConsiderations = map.Paragraphs("ethical_considerations", LongestText),
            Hub = map.Inner("hub", HubKeys) is { } hub ? ReadHub(hub) : new HubDetails(),
        };
    }

    private static HubDetails ReadHub(CardMap hub)
    {
        var dataset = hub.Inner("dataset", DatasetKeys);
        return new HubDetails
        {
            Name = hub.Line("name", LongestLine),
            Pipeline = hub.Line("pipeline_tag", LongestLine),
            Library = hub.Line("library_name", LongestLine),
            Languages = hub.Lines("language", MostItems, LongestLine),
            Tags = hub.Lines("tags", MostItems, LongestLine),
            BaseModels = hub.Lines("base_model", MostItems, LongestLine),
            DatasetType = dataset?.Line("type", LongestLine),
            DatasetName = dataset?.Line("name", LongestLine),
            DatasetConfig = dataset?.Line("config", LongestLine),
            DatasetSplit = dataset?.Line("split", LongestLine),
            DatasetRevision = dataset?.Line("revision", LongestLine),
        };
    }

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Language();
}
