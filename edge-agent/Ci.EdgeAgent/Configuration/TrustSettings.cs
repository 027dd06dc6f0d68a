namespace Ci.EdgeAgent.Configuration;

/// <summary><c>trust</c>: what a signed release may ask of this device beyond being signed.</summary>
internal sealed record TrustSettings
{
    /// <summary>What kind of device this is; releases made for other classes are refused. Null: of none, so only releases for any device fit.</summary>
    public string? DeviceClass { get; init; }

    /// <summary>The operator domains that a model may use; all others would need a library of their own.</summary>
    public IReadOnlyList<string> OperatorDomains { get; init; } = ["ai.onnx", "ai.onnx.ml", "com.microsoft"];

    /// <summary>The only operators allowed, like <c>Gemm</c> or <c>ai.onnx.ml:TreeEnsembleClassifier</c>; empty: all of the allowed domains.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>Operators that are never allowed.</summary>
    public IReadOnlyList<string> DeniedOperators { get; init; } = [];

    /// <summary>The oldest default operator set.</summary>
    public long LeastOpset { get; init; } = Ci.Releases.OpsetSupport.Oldest;

    /// <summary>The newest default operator set; 0: what this device's ONNX Runtime knows.</summary>
    public long MostOpset { get; init; }

    /// <summary>Nodes of all graphs, functions unfolded.</summary>
    public long MaxNodes { get; init; } = 200_000;

    /// <summary>The largest single tensor of a model.</summary>
    public long MaxTensorBytes { get; init; } = 1L << 31;

    public static TrustSettings Read(SettingReader read, string prefix)
    {
        var defaults = new TrustSettings();
        return new TrustSettings
        {
            DeviceClass = read.Text("trust.deviceClass", prefix + "DEVICE_CLASS"),
            OperatorDomains = read.Texts("trust.operatorDomains", prefix + "OPERATOR_DOMAINS", ',') ?? defaults.OperatorDomains,
            Operators = read.Texts("trust.operators", prefix + "OPERATORS", ',') ?? defaults.Operators,
            DeniedOperators = read.Texts("trust.deniedOperators", prefix + "DENIED_OPERATORS", ',') ?? defaults.DeniedOperators,
            LeastOpset = read.Whole("trust.leastOpset", prefix + "LEAST_OPSET", defaults.LeastOpset, 1, 1000),
            MostOpset = read.Whole("trust.mostOpset", prefix + "MOST_OPSET", defaults.MostOpset, 0, 1000),
            MaxNodes = read.Whole("trust.maxNodes", prefix + "MAX_NODES", defaults.MaxNodes, 1, 100_000_000),
            MaxTensorBytes = read.Whole("trust.maxTensorBytes", prefix + "MAX_TENSOR_BYTES", defaults.MaxTensorBytes, 1024, 1L << 40),
        };
    }

    public void Check(List<string> errors)
    {
        if (DeviceClass is { } kind && !Ci.Releases.Names.IsDeviceName(kind))
            errors.Add($"`trust.deviceClass`: {kind} is no name: letters, digits, '-', '_', '.'");
        if (OperatorDomains.Count == 0)
            errors.Add("`trust.operatorDomains` must name at least one domain, or no model can be served");
        if (MostOpset > 0 && MostOpset < LeastOpset)
            errors.Add("`trust.mostOpset` is below `trust.leastOpset`");
    }
}
