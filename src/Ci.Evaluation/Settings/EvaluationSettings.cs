namespace Ci.Evaluation;

/// <summary>How a model is to be evaluated: the section <c>evaluate:</c> of <c>params.yaml</c>.</summary>
public sealed record EvaluationSettings
{
    private static readonly string[] Keys =
        ["target", "key", "task", "unit", "split", "slices", "seed", "exclude", "features", "resamples", "block", "level"];

    /// <summary>The column that the model predicts.</summary>
    public required string Target { get; init; }

    /// <summary>The column that names a row, such as its time; null where rows have no order. Rows are taken in its order, and intervals then
    /// allow for neighbours that resemble each other.</summary>
    public string? Key { get; init; }

    /// <summary>One of <see cref="Tasks"/>; null takes the model's own word.</summary>
    public string? Task { get; init; }

    /// <summary>The target's unit, such as "MW".</summary>
    public string Unit { get; init; } = "";

    /// <summary>How evaluation and training rows were parted, in words.</summary>
    public string Split { get; init; } = "";

    /// <summary>What to slice by: a column (<c>region</c>), a group of one-hot columns (<c>month_*</c>), or a part of the key's time (<c>key.month</c>, <c>key.weekday</c>, <c>key.hour</c>, <c>key.year</c>).</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>The feature columns in the model's order; empty takes the model's own list, or else every column that is nothing else.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Columns, or globs such as <c>lag_*</c>, that are no features; used only where the model does not list its own.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Seed of the resamples.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Resamples behind an interval, from 100 to 100,000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Rows drawn together; null chooses by the data (1 without a key).</summary>
    public int? Block { get; init; }

    /// <summary>The intervals' confidence level, from 0.5 to 0.999.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Reads the section of a <c>params.yaml</c>.</summary>
    /// <param name="yaml">The whole text.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="EvaluationException">No such section, an unknown key, a value out of its range.</exception>
    public static EvaluationSettings Read(string yaml, string file)
    {
        var root = YamlSection.Root(yaml, file) ?? throw new EvaluationException($"{file}: it is empty; expected a section `evaluate:`");
        var node = new YamlSection(file, root, "the file").Node("evaluate")
            ?? throw new EvaluationException($"{file}: there is no section `evaluate:`; write one with at least `target: <column>`");
        var section = new YamlSection(file, node, "the section `evaluate:`", Keys);
        var task = section.Text("task");
        if (task is not null && !Tasks.All.Contains(task, StringComparer.Ordinal))
            throw section.Error("task", $"`task` must be one of {string.Join(", ", Tasks.All)}, not `{task}`");
        var level = section.Number("level") ?? 0.95;
        if (level is not (>= 0.5 and <= 0.999))
            throw section.Error("level", $"`level` must be from 0.5 to 0.999, such as 0.95, not {level}");
        return new EvaluationSettings
        {
            Target = section.NeedText("target", "load"),
            Key = section.Text("key") is { Length: > 0 } key ? key : null,
            Task = task,
            Unit = section.Text("unit") ?? "",
            Split = section.Text("split") ?? "",
            Slices = section.Texts("slices"),
            Features = section.Texts("features"),
            Exclude = section.Texts("exclude"),
            Seed = section.Whole("seed", 0, int.MaxValue) ?? 1,
            Resamples = (int)(section.Whole("resamples", 100, 100_000) ?? 1000),
            Block = (int?)section.Whole("block", 1, 1_000_000),
            Level = level,
        };
    }
}
