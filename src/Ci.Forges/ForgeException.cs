namespace Ci.Forges;

/// <summary>The forge did not do what was asked; the message says what, where and how to fix it.</summary>
public class ForgeException(string message, Exception? inner = null) : Exception(message, inner);
