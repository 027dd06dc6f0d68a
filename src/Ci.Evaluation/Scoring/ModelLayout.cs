using System.IO.Enumeration;
using System.Text.Json;
using Ci.Onnx;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>How a model's input and outputs are to be read: which columns, which task, which classes.</summary>
internal sealed record ModelLayout(string Task, IReadOnlyList<string> Features, IReadOnlyList<string> Classes)
{
    /// <summary>The classes of the target, numbered as the model numbers them.</summary>
    public double[] Targets(Table table, string target)
    {
        if (this.Task == Tasks.Regression)
            return Present(table, target, table.Numbers(target));
        var names = table.Texts(target);
        var numbers = new double[names.Length];
        for (var row = 0; row < names.Length; row++)
        {
            var number = this.ClassOf(names[row]);
            if (number < 0)
                throw new EvaluationException($"{table.Name}:{table.LineOf(row)}: column '{target}', row {row + 1}: '{Short(names[row])}' is none of the model's classes {Short(string.Join(", ", this.Classes))}");
            numbers[row] = number;
        }

        return numbers;
    }

    public static ModelLayout Of(OnnxSession session, string shownModel, Table table, EvaluationSettings settings)
    {
        if (session.Inputs is not [{ ElementType: OnnxElementType.Float or OnnxElementType.Double } input])
            throw new EvaluationException($"{shownModel}: it has the inputs {string.Join("; ", session.Inputs)}; one input of FP32 or FP64 numbers, [rows, features], can be evaluated");
        var task = settings.Task ?? session.Metadata.GetValueOrDefault("mlops.task")
            ?? throw new EvaluationException($"{shownModel}: it does not say its task, and neither does `evaluate.task`; write one of {string.Join(", ", Tasks.All)}");
        if (!Tasks.All.Contains(task, StringComparer.Ordinal))
            throw new EvaluationException($"{shownModel}: its task '{Short(task)}' is none of {string.Join(", ", Tasks.All)}");
        var features = FeatureColumns(session, shownModel, table, settings);
        if (input.Shape is [_, > 0 and var width] && width != features.Count)
            throw new EvaluationException($"{shownModel}: its input '{input.Name}' takes {width} features, but {features.Count} columns of {table.Name} would feed it ({Short(string.Join(", ", features))}); name them in `evaluate.features`, or keep others out with `evaluate.exclude`");
        return new ModelLayout(task, features, task == Tasks.Regression ? [] : ClassNames(session, shownModel, table, settings.Target, task));
    }

    private int ClassOf(string cell)
    {
        for (var c = 0; c < this.Classes.Count; c++)
        {
            if (this.Classes[c] == cell)
                return c;
        }

        // 1, 1.0 and 1.00 are one class.
        for (var c = 0; c < this.Classes.Count; c++)
        {
            if (double.TryParse(cell, out var number) && double.TryParse(this.Classes[c], out var known) && number == known)
                return c;
        }

        return -1;
    }

    private static double[] Present(Table table, string target, double[] values)
    {
        var missing = Array.FindIndex(values, double.IsNaN);
        return missing < 0
            ? values
            : throw new EvaluationException($"{table.Name}:{table.LineOf(missing)}: column '{target}', row {missing + 1}: the target is missing; leave such rows out of the evaluation data");
    }

    private static IReadOnlyList<string> FeatureColumns(OnnxSession session, string shownModel, Table table, EvaluationSettings settings)
    {
        if (settings.Features.Count > 0)
            return settings.Features;
        if (session.Metadata.TryGetValue("mlops.features", out var json))
            return TextArray(json, shownModel, "mlops.features");
        return [.. table.Columns.Where(column =>
            column != settings.Target && column != settings.Key && !settings.Exclude.Any(glob => FileSystemName.MatchesSimpleExpression(glob, column, ignoreCase: false)))];
    }

    private static IReadOnlyList<string> ClassNames(OnnxSession session, string shownModel, Table table, string target, string task)
    {
        if (session.Metadata.TryGetValue("mlops.classes", out var json))
            return TextArray(json, shownModel, "mlops.classes");
        if (!table.IsNumeric(target))
            throw new EvaluationException($"{shownModel}: it does not name its classes (metadata `mlops.classes`), and column '{target}' of {table.Name} holds names; write the classes as numbers 0, 1, 2, … or give the model its list");
        var count = Math.Max(2, OutputWidth(session));
        var highest = table.Numbers(target).Where(v => !double.IsNaN(v)).DefaultIfEmpty(0).Max();
        if (highest > 10_000)
            throw new EvaluationException($"{table.Name}: column '{target}' holds {highest}, which is no class number; `evaluate.task` is {task}");
        return [.. Enumerable.Range(0, (int)Math.Max(count, highest + 1)).Select(c => $"{c}")];
    }

    private static int OutputWidth(OnnxSession session) =>
        (int)Math.Min(10_000, session.Outputs.Where(o => o.Shape is [_, > 1]).Select(o => o.Shape[1]).DefaultIfEmpty(0).Max());

    /// <summary>A JSON array of texts or numbers, from a model that anyone may have made.</summary>
    private static IReadOnlyList<string> TextArray(string json, string shownModel, string key)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            var items = document.RootElement.EnumerateArray()
                .Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())
                .ToArray();
            if (items.Length is 0 or > 100_000 || items.Distinct(StringComparer.Ordinal).Count() != items.Length)
                throw new EvaluationException($"{shownModel}: its metadata `{key}` must list from 1 to 100,000 different names");
            return items;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new EvaluationException($"{shownModel}: its metadata `{key}` is no JSON array of names", error);
        }
    }

    private static string Short(string text) => text.Length > 120 ? $"{text[..120]}…" : text;
}
