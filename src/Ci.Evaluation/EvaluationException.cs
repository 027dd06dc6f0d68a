namespace Ci.Evaluation;

/// <summary>A model could not be evaluated or compared as asked. The message says what, where, and how to fix it. Terminal.</summary>
public sealed class EvaluationException(string message, Exception? inner = null) : Exception(message, inner);
