namespace Ci.Evaluation;

/// <summary>What the model's ONNX file is.</summary>
public sealed record EvaluatedModel
{
    public required string Name { get; init; }

    /// <summary>The path as it was given, with '/'.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file, 64 lowercase hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The files beside it that hold its weights, by path; null where its own file holds all.</summary>
    public IReadOnlyList<ExternalFile>? ExternalData { get; init; }

    /// <summary>"ai.onnx 17" and so on, the default domain by its full name.</summary>
    public IReadOnlyList<string> Opsets { get; init => field = value ?? []; } = [];

    public long IrVersion { get; init; }

    public string Producer { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<TensorFacts> Inputs { get; init => field = value ?? []; } = [];

    public IReadOnlyList<TensorFacts> Outputs { get; init => field = value ?? []; } = [];

    public long Nodes { get; init; }

    /// <summary>Numbers held by the model's initialisers.</summary>
    public long Parameters { get; init; }
}
