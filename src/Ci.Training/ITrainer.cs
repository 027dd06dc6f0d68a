namespace Ci.Training;

/// <summary>Learns a model. Deterministic: the same set, parameters and seed give the same model to the last bit, on any number of threads.</summary>
public interface ITrainer
{
    /// <summary>The word that names it in <c>params.yaml</c>.</summary>
    string Kind { get; }

    /// <summary>Learns from all rows of the set.</summary>
    /// <exception cref="TrainingException">The data does not suit this trainer; the message names column and row.</exception>
    /// <exception cref="OperationCanceledException">The context's cancellation was asked for.</exception>
    TrainedModel Train(TrainingSet set, TrainingContext context);
}
