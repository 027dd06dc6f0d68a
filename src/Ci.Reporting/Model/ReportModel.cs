namespace Ci.Reporting;

/// <summary>What the candidate's ONNX file is.</summary>
public sealed record ReportModel
{
    public required string Name { get; init; }

    public required string Sha256 { get; init; }

    public long Bytes { get; init; }

    public long? IrVersion { get; init; }

    /// <summary>"ai.onnx 17" and so on.</summary>
    public IReadOnlyList<string> Opsets { get; init => field = value ?? []; } = [];

    public string? Producer { get; init; }

    public long? Nodes { get; init; }

    public long? Parameters { get; init; }

    /// <summary>"features: FP32 [batch, 69]" and so on.</summary>
    public IReadOnlyList<string> Inputs { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Outputs { get; init => field = value ?? []; } = [];
}
