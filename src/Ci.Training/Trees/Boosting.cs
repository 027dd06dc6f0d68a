namespace Ci.Training.Trees;

/// <summary>One run of boosting: scores of all rows, trees so far, and when to stop.</summary>
internal sealed class Boosting
{
    private readonly BoostedTreesSettings settings;
    private readonly Objective objective;
    private readonly TrainingContext context;
    private readonly BinnedMatrix matrix;
    private readonly FixedPoint fixedPoint;
    private readonly TreeGrower grower;
    private readonly int[] trainingRows;
    private readonly int[] validationRows;
    private readonly double[][] scores;
    private readonly double[] gradients;
    private readonly double[] hessians;
    private SeededNumbers numbers;

    public Boosting(TrainingSet set, BoostedTreesSettings settings, Objective objective, TrainingContext context)
    {
        this.settings = settings;
        this.objective = objective;
        this.context = context;
        this.numbers = new SeededNumbers(context.Seed);
        (this.trainingRows, this.validationRows) = this.HoldBack(set.Rows);
        this.matrix = BinnedMatrix.Of(set, settings.MaxBins, context);
        this.fixedPoint = new FixedPoint(set.Rows, objective.ConstantHessian);
        this.grower = new TreeGrower(this.matrix, settings, this.fixedPoint, context);
        this.gradients = new double[set.Rows];
        this.hessians = new double[objective.ConstantHessian ? 0 : set.Rows];
        this.Start = objective.Start(this.trainingRows);
        this.scores = [.. this.Start.Select(start => Enumerable.Repeat((double)start, set.Rows).ToArray())];
        this.Facts = new TrainingFacts(0, objective.MetricName, double.NaN, null);
    }

    /// <summary>The scores to begin with, one per output.</summary>
    public float[] Start { get; }

    /// <summary>Iteration after iteration, one tree per output.</summary>
    public List<Tree> Trees { get; } = [];

    public TrainingFacts Facts { get; private set; }

    public void Run()
    {
        var best = double.PositiveInfinity;
        for (var iteration = 1; iteration <= this.settings.Iterations; iteration++)
        {
            this.context.Cancellation.ThrowIfCancellationRequested();
            this.AddTrees();
            var early = this.validationRows.Length > 0;
            // The training loss costs a pass over the rows: only when somebody asks for it.
            var training = this.context.Progress is null && !early ? double.NaN : this.objective.Loss(this.scores, this.trainingRows);
            var validation = early ? this.objective.Loss(this.scores, this.validationRows) : (double?)null;
            this.context.Progress?.Invoke(new TrainingProgress(iteration, this.settings.Iterations, training, validation));
            if (!early || validation < best)
            {
                best = validation ?? best;
                this.Facts = this.Facts with { Iterations = iteration, Metric = training, ValidationMetric = validation };
            }
            else if (iteration - this.Facts.Iterations >= this.settings.Patience)
            {
                break;
            }
        }

        if (double.IsNaN(this.Facts.Metric))
            this.Facts = this.Facts with { Metric = this.objective.Loss(this.scores, this.trainingRows) };
        var kept = this.Facts.Iterations * this.objective.Outputs;
        this.Trees.RemoveRange(kept, this.Trees.Count - kept);
    }

    private void AddTrees()
    {
        var sample = this.settings.Subsample < 1
            ? this.numbers.Choose(this.trainingRows, Math.Max(1, (int)(this.settings.Subsample * this.trainingRows.Length)))
            : this.trainingRows;
        var allowed = this.AllowedFeatures();
        this.objective.Prepare(this.scores);
        for (var output = 0; output < this.objective.Outputs; output++)
        {
            this.objective.Derive(this.scores, output, this.gradients, this.hessians);
            this.fixedPoint.Set(this.gradients, this.hessians);
            var tree = this.grower.Grow(sample, allowed);
            this.SetLeafValues(tree, this.scores[output]);
            if (sample.Length < this.matrix.Rows)
                this.ScoreOthers(tree, sample, this.scores[output]);
            this.Trees.Add(tree);
        }
    }

    private bool[] AllowedFeatures()
    {
        var allowed = new bool[this.matrix.Features.Length];
        var all = Enumerable.Range(0, allowed.Length).ToArray();
        var chosen = this.settings.FeatureFraction < 1
            ? this.numbers.Choose(all, Math.Max(1, (int)(this.settings.FeatureFraction * allowed.Length)))
            : all;
        foreach (var feature in chosen)
            allowed[feature] = true;
        return allowed;
    }

    /// <summary>Newton's step −G/(H+λ) from the real gradients, rounded to the FP32 that the file will hold; added to the leaf's rows.</summary>
    private void SetLeafValues(Tree tree, double[] score)
    {
        foreach (var leaf in this.grower.Leaves)
        {
            var rows = this.grower.RowsOf(leaf);
            double gradient = 0, hessian = this.objective.ConstantHessian ? rows.Length : 0;
            foreach (var row in rows)
                gradient += this.gradients[row];
            if (!this.objective.ConstantHessian)
            {
                foreach (var row in rows)
                    hessian += this.hessians[row];
            }

            var value = (float)(-this.settings.LearningRate * gradient / (hessian + this.settings.L2 + 1e-15));
            tree.Nodes[leaf.Node].Value = value;
            foreach (var row in rows)
                score[row] += value;
        }
    }

    /// <summary>Rows that the tree was not grown from: held back, or not drawn.</summary>
    private void ScoreOthers(Tree tree, int[] sample, double[] score)
    {
        var next = 0;
        for (var row = 0; row < score.Length; row++)
        {
            if (next < sample.Length && sample[next] == row)
                next++;
            else
                score[row] += tree.Predict(this.matrix, row);
        }
    }

    private (int[] Training, int[] Validation) HoldBack(int rows)
    {
        var all = Enumerable.Range(0, rows).ToArray();
        if (this.settings.Patience == 0)
            return (all, []);
        var held = (int)Math.Round(rows * this.settings.ValidationFraction);
        if (held < 1 || held >= rows)
            throw new TrainingException($"early stopping would hold back {held} of {rows} rows; change `validation_fraction`, or set `patience: 0`");
        if (this.settings.Validation == "chronological")
            return (all[..^held], all[^held..]);
        var chosen = this.numbers.Choose(all, held);
        return (all.Except(chosen).ToArray(), chosen);
    }
}
