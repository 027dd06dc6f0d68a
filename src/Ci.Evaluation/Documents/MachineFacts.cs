namespace Ci.Evaluation;

/// <summary>Where the evaluation ran.</summary>
/// <param name="Os">Operating system and version.</param>
/// <param name="Architecture">"x64", "arm64".</param>
/// <param name="Cpus">Processors that the process may use.</param>
/// <param name="Runtime">"ONNX Runtime 1.30.0".</param>
/// <param name="Provider">The execution provider that ran the model, such as "CPU".</param>
public sealed record MachineFacts(string Os, string Architecture, int Cpus, string Runtime, string Provider);
