namespace Ci.Training;

/// <summary>What surrounds one training: the seed, how many threads may help (never changes the result), whom to tell, when to stop.</summary>
public sealed record TrainingContext
{
    public long Seed { get; init; }

    /// <summary>1 or more. The model is the same to the last bit whatever it is.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Called after every iteration, on the training thread.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }

    internal ParallelOptions Parallelism => new() { MaxDegreeOfParallelism = Math.Max(1, this.Threads), CancellationToken = this.Cancellation };
}
