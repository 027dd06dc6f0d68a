namespace Ci.Pipelines.Scheduling;

/// <summary>What a stage's <c>meta</c> asks of the machine it runs on, and what else decides its result. DVC passes over all of it.</summary>
public sealed record StageNeeds
{
    /// <summary>A stage that asks for nothing.</summary>
    public static StageNeeds None { get; } = new();

    /// <summary>GPUs of its own, 0 to 64.</summary>
    public int Gpus { get; init; }

    /// <summary>Bytes of memory; 0: not said.</summary>
    public long Memory { get; init; }

    /// <summary>Processors; 0: not said.</summary>
    public int Processors { get; init; }

    /// <summary>Environment variables whose values decide the result, in ordinal order.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The container image: a name with its digest, <see cref="ImageOfJob"/>, or null.</summary>
    public string? Image { get; init; }

    /// <summary>The class of accelerator decides the result. By default so when <see cref="Gpus"/> are asked for.</summary>
    public bool KeyedByAccelerator { get; init; }

    /// <summary>The image is whatever the job runs in, which <see cref="ImageVariable"/> names.</summary>
    public const string ImageOfJob = "job";

    /// <summary>The environment variable that names the digest of the job's container image: <c>sha256:…</c>.</summary>
    public const string ImageVariable = "MLOPS_IMAGE_DIGEST";

    /// <summary>Whether runs are kept under a key of our own and not DVC's.</summary>
    public bool ExtendsKey => this.Environment.Count > 0 || this.Image is not null || this.KeyedByAccelerator;
}
