namespace Ci.Training;

/// <summary>The family of this room: data or parameters that no model can be trained from. The message says what, where, and how to fix it.</summary>
public class TrainingException(string message, Exception? inner = null) : Exception(message, inner);
