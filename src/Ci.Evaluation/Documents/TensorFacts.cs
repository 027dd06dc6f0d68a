namespace Ci.Evaluation;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Datatype">The Open Inference Protocol's name of the element type, such as "FP32"; "" for what is no tensor.</param>
/// <param name="Shape">The dimensions, -1 where one is dynamic.</param>
public sealed record TensorFacts(string Name, string Datatype, IReadOnlyList<long> Shape);
