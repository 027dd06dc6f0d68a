using System.IO.Enumeration;
using Ci.Statistics;

namespace Ci.Training;

/// <summary>
/// What a trainer learns from: columns of features in FP32 (the precision in which the ONNX file will be asked; NaN = missing) and the
/// target in double precision.
/// </summary>
public sealed class TrainingSet
{
    private readonly float[][] columns;
    private readonly double[] target;

    /// <summary><c>features</c>: Names in the order of the model's input. <c>columns</c>: One array per feature, all as long as <paramref name="target"/>.</summary>
    /// <exception cref="TrainingException">No features, no rows, or lengths that differ.</exception>
    public TrainingSet(IReadOnlyList<string> features, float[][] columns, string targetName, double[] target)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(target);
        if (features.Count == 0)
            throw new TrainingException("no features are left to train on: every column is the target or excluded; loosen `exclude`");
        if (target.Length == 0)
            throw new TrainingException("no rows to train on: the data has a header only");
        if (columns.Length != features.Count || columns.Any(column => column.Length != target.Length))
            throw new TrainingException($"{features.Count} features need as many columns of {target.Length} rows each");
        this.Features = features;
        this.columns = columns;
        this.TargetName = targetName;
        this.target = target;
    }

    public IReadOnlyList<string> Features { get; }

    public string TargetName { get; }

    public int Rows => this.target.Length;

    public ReadOnlySpan<double> Target => this.target;

    /// <summary>The values of one feature, one per row.</summary>
    public ReadOnlySpan<float> Column(int feature) => this.columns[feature];

    /// <summary>All values, row after row: <c>[rows, features]</c>, as the ONNX model takes them.</summary>
    public float[] RowMajor()
    {
        var width = this.columns.Length;
        var values = new float[(long)this.Rows * width];
        for (var feature = 0; feature < width; feature++)
        {
            var column = this.columns[feature];
            for (var row = 0; row < column.Length; row++)
                values[((long)row * width) + feature] = column[row];
        }

        return values;
    }

    /// <summary>All columns of a table that are neither the target, nor the key that names a row, nor matched by a pattern of <paramref name="exclude"/>.</summary>
    /// <remarks><c>exclude</c>: Names with <c>*</c> and <c>?</c>; a pattern that matches nothing is an error, for it is a typing error.</remarks>
    /// <exception cref="TableException">The target is missing, or a cell is no number.</exception>
    /// <exception cref="TrainingException">A pattern matches nothing, a target cell is empty, or a value exceeds FP32.</exception>
    public static TrainingSet From(Table table, string target, IReadOnlyList<string> exclude, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(exclude);
        var labels = table.Numbers(target);
        var empty = Array.FindIndex(labels, value => !double.IsFinite(value));
        if (empty >= 0)
            throw new TrainingException($"{table.Name}: column `{target}`, data row {empty + 1}: the target is empty or not finite; drop such rows while preparing the data");
        if (key is not null && !table.Has(key))
            throw new TrainingException($"{table.Name}: there is no column `{key}`, which `key` names; the columns are {string.Join(", ", table.Columns)}");
        var unused = exclude.FirstOrDefault(pattern => !table.Columns.Any(column => FileSystemName.MatchesSimpleExpression(pattern, column, ignoreCase: false)));
        if (unused is not null)
            throw new TrainingException($"{table.Name}: the pattern `{unused}` of `exclude` matches no column; the columns are {string.Join(", ", table.Columns)}");
        var features = table.Columns.Where(column => column != target && column != key && !exclude.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, column, ignoreCase: false))).ToArray();
        return new TrainingSet(features, [.. features.Select(feature => ToSingle(table, feature))], target, labels);
    }

    private static float[] ToSingle(Table table, string feature)
    {
        double[] numbers;
        try
        {
            numbers = table.Numbers(feature);
        }
        catch (TableException error)
        {
            throw new TrainingException($"{error.Message}; a column of texts is no feature: encode it, or list it under `exclude`", error);
        }

        var values = new float[numbers.Length];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = (float)numbers[row];
            if (float.IsInfinity(values[row]))
                throw new TrainingException($"{table.Name}: column `{feature}`, data row {row + 1}: {numbers[row]} does not fit into FP32, the model's input");
        }

        return values;
    }
}
