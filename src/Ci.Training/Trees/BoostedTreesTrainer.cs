namespace Ci.Training.Trees;

/// <summary>
/// Gradient-boosted trees over histograms (Friedman 2001; Ke et al. 2017): squared error, logistic or softmax loss, Newton steps, trees grown
/// leaf by leaf, missing values sent where they help most.
/// </summary>
public sealed class BoostedTreesTrainer(BoostedTreesSettings settings) : ITrainer
{
    public string Kind => "boosted-trees";

    public TrainedModel Train(TrainingSet set, TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(context);
        if (set.Rows > FixedPoint.MostRows)
            throw new TrainingException($"{set.Rows} rows are more than boosted trees take ({FixedPoint.MostRows}); train on a sample");
        var objective = Objective.Of(settings.Task, set);
        var boosting = new Boosting(set, settings, objective, context);
        boosting.Run();
        return new BoostedTreesModel(settings.Task, set, objective.Classes, boosting.Facts, boosting.Start, boosting.Trees);
    }
}
