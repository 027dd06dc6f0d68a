using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>What a card puts into a model's front matter (modelcard.md of huggingface/hub-docs). <c>verified</c> is the Hub's to write, never ours.</summary>
internal static class HubResult
{
    public static string NameOf(ModelCard card) => PlainText.Clean(card.Details.Hub.Name ?? card.Release?.Name ?? card.Report.Model.Name, 200);

    /// <summary>The fields beside the <c>model-index</c>, those that are known.</summary>
    public static IEnumerable<(string Key, YamlNode Value)> Fields(ModelCard card)
    {
        var hub = card.Details.Hub;
        if (hub.Languages.Count > 0)
            yield return ("language", Texts(hub.Languages));
        if (card.Details.License is { } license)
            yield return ("license", HubYaml.Text(license));
        yield return ("library_name", HubYaml.Text(hub.Library ?? "onnx"));
        yield return ("pipeline_tag", HubYaml.Text(HubWords.Task(card.Report, hub).Type));
        yield return ("tags", Texts(hub.Tags.Count > 0 ? hub.Tags : ["onnx"]));
        if (hub.BaseModels.Count > 0)
            yield return ("base_model", Texts(hub.BaseModels));
    }

    /// <summary>The metrics as one result. Interval and unit stand in a metric's <c>args</c>, for the format has no place of its own for them.</summary>
    public static YamlMappingNode Of(ModelCard card)
    {
        var (report, hub) = (card.Report, card.Details.Hub);
        var (type, name) = HubWords.Task(report, hub);
        var path = PlainText.Clean(report.Data.Path, 200);
        return HubYaml.Map(
            ("task", HubYaml.Map(("type", HubYaml.Text(type)), ("name", HubYaml.Text(name)))),
            ("dataset", HubYaml.Map(
                ("type", HubYaml.Text(hub.DatasetType ?? (path.Length > 0 ? Path.GetFileNameWithoutExtension(path) : "evaluation"))),
                ("name", HubYaml.Text(hub.DatasetName ?? (path.Length > 0 ? path : "evaluation data"))),
                ("config", Text(hub.DatasetConfig)),
                ("split", Text(hub.DatasetSplit)),
                ("revision", Text(hub.DatasetRevision)),
                ("args", HubYaml.Map(("rows", HubYaml.Number(report.Data.Rows)), ("sha256", Text(report.Data.Sha256)))))),
            ("metrics", HubYaml.List(report.Metrics.Where(metric => double.IsFinite(metric.Candidate.Value)).Select(Metric))));
    }

    private static YamlMappingNode Metric(ReportMetric metric)
    {
        var value = metric.Candidate;
        var args = HubYaml.Map(
            ("unit", Text(metric.Unit)), ("low", Number(value.Low)), ("high", Number(value.High)), ("level", value.Low is null ? null : Number(value.Level)), ("method", Text(value.Method)));
        return HubYaml.Map(
            ("type", HubYaml.Text(HubWords.Metric(metric.Name))),
            ("value", HubYaml.Number(value.Value)),
            ("name", HubYaml.Text(MetricName.Of(metric.Name))),
            ("args", args.Children.Count > 0 ? args : null));
    }

    private static YamlSequenceNode Texts(IEnumerable<string> texts) => HubYaml.List(texts.Select(HubYaml.Text));

    private static YamlScalarNode? Text(string? text) => PlainText.Clean(text) is { Length: > 0 } clean ? HubYaml.Text(clean) : null;

    private static YamlScalarNode? Number(double? value) => value is { } number && double.IsFinite(number) ? HubYaml.Number(number) : null;
}
