namespace Ci.Training;

/// <summary>The classes of a target column: whole numbers, ascending, and each row's place among them.</summary>
internal sealed record ClassLabels(long[] Labels, int[] Rows)
{
    private const int MostClasses = 1000;

    public static ClassLabels Of(TrainingSet set)
    {
        var target = set.Target;
        for (var row = 0; row < target.Length; row++)
        {
            if (target[row] != Math.Floor(target[row]) || Math.Abs(target[row]) > int.MaxValue)
                throw new TrainingException($"column `{set.TargetName}`, data row {row + 1}: {target[row]} is no class; a classification needs whole numbers as labels");
        }

        var labels = target.ToArray().Distinct().Order().Select(value => (long)value).ToArray();
        if (labels.Length < 2)
            throw new TrainingException($"column `{set.TargetName}` holds one class only ({labels[0]}); a classification needs two or more");
        if (labels.Length > MostClasses)
            throw new TrainingException($"column `{set.TargetName}` holds {labels.Length} distinct values, more than the {MostClasses} classes allowed; is this a regression?");
        var rows = new int[target.Length];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = Array.BinarySearch(labels, (long)target[row]);
        return new ClassLabels(labels, rows);
    }
}
