namespace Ci.Pipelines;

/// <summary>The family of everything that goes wrong with a pipeline; the message says what, where and how to fix it.</summary>
public class PipelineException(string message, Exception? inner = null) : Exception(message, inner);
